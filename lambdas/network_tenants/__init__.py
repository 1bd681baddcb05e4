"""The custom resource that names who else lives in the network before its stack is deleted."""
