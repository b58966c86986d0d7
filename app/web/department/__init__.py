"""A department's office: pages for who answers what the department was handed, and sees nothing of the desk."""
