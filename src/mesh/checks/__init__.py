"""What a command can see of the house rules: layout, and the rules of the mesh itself."""
