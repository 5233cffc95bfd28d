"""Pictures: decoding, encoding and the resize rule, as the application does them."""
