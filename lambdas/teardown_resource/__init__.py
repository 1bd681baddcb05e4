"""The custom resource that stops work, or empties the domain, when its stack is deleted."""
