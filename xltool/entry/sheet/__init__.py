"""The 填数表: one sheet made for typing what cannot be derived; drawn for an edition, read back as a document."""
