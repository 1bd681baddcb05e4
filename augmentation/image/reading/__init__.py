"""From the bytes of a file to an upright frame of sRGB, or the reason why it cannot be trusted."""
