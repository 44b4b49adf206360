"""What people see, one file a surface: facts in, blocks out. No view asks for anything."""
