"""An OPC package on its bytes: archive, parts, relationships, XML as text."""
