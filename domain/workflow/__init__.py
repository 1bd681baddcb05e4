"""What the workflows are made of: inputs, states, names, the ledger, and the ports to the outside."""
