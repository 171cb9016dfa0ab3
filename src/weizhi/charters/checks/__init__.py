"""The rules of the checker, one subject a file; each takes the scene and adds its findings."""
