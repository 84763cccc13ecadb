// The state in the address of the page.
