"""What linters say of the synthesized templates, each finding explained or an error: `make check-templates`."""
