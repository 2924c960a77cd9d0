"""Model runtimes of the text stage; nothing outside this package imports one."""
