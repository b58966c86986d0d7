"""Working days in China: which days are worked, counted for windows and due dates."""
