"""What tests stand on: the parts a machine may lack, and the stores."""
