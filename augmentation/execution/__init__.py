"""From the graph of a recipe to frames and clips: each shared prefix once, fan-out in memory."""
