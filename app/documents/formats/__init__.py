"""The file formats that a draft may come in, each from bytes to text or to a refusal in one clear line."""
