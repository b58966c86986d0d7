"""The disposition report as a page and as files, all made of the one value."""
