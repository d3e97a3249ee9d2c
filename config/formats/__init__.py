"""How numbers are written, by language: see FORMAT_MODULE_PATH in the settings."""
