"""How a function is called: HTTP, script, OpenAPI, form, lone deployment."""
