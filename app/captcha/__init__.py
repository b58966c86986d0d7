"""A first captcha that works without JavaScript: picture and sound, single use, signed, expiring."""
