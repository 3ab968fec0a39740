"""The collaboration network: who is linked with whom, through what, and on what evidence."""
