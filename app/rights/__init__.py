"""What a person may ask of us for their own data and their own number, and what became of it (个人信息权利)."""
