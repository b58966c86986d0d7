"""Pages of letters to other organs (书面征求部门意见). Nothing of them is public."""
