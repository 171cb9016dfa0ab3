"""What is proposed to a matter that takes proposals in: the form beside the projects that are there already."""
