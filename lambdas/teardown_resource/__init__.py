"""The custom resource that empties the domain when its stack is deleted."""
