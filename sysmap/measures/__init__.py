"""What several questions need, computed once from claims."""
