"""Personal data found in free text and covered up before anything is shown in public."""
