# What no page may hold. A block of JSON-LD is no script: no browser runs it, and the content security policy does not
# speak of it.
INLINE = "[style], style, [onclick], script:not([src]):not([type='application/ld+json'])"
