"""The internal papers that go with a draft into review: 意见汇总表 and 公众意见采纳情况说明, and their templates."""
