"""What changed from draft to final text because of suggestions (修改情况): links proposed, decided one by one."""
