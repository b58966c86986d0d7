"""Problems of access tokens, in both languages.

Those without `wrong_token` are the codes of RFC 6749 §5.2: they stand in `error` of what the token endpoint answers,
with the English words as its `error_description`, which must be ASCII.
"""

from app.api.wording import ProblemKind, Words

OAUTH_ERRORS: dict[str, ProblemKind] = {
    "invalid_client": ProblemKind(
        401,
        Words("The program is not who it says it is", "客户端验证失败"),
        Words(
            "Send client_id `yl_<key id>` and the key's secret; the key may have expired or been revoked.",
            "请发送 client_id `yl_<密钥编号>` 和密钥的密文；密钥也可能已过期或吊销。",
        ),
    ),
    "invalid_request": ProblemKind(
        400,
        Words("The token request can't be read", "令牌请求无法读取"),
        Words(
            "Send an urlencoded form of at most 8,192 bytes, each parameter once, and the credentials in one place.",
            "请发送不超过 8,192 字节的 urlencoded 表单，每个参数一次，客户端凭据只放一处。",
        ),
    ),
    "invalid_scope": ProblemKind(
        400,
        Words("The key doesn't hold this scope", "密钥不含所请求的权限"),
        Words(
            "Ask for scopes that the key holds, separated by single spaces, or leave scope out.",
            "请只请求密钥已有的权限，以单个空格分隔，或不填 scope。",
        ),
    ),
    "unsupported_grant_type": ProblemKind(
        400,
        Words("There is no such grant here", "不支持这种授权方式"),
        Words("Send grant_type=client_credentials.", "请发送 grant_type=client_credentials。"),
    ),
}
TOKEN_PROBLEMS: dict[str, ProblemKind] = {
    "wrong_token": ProblemKind(
        401,
        Words("The access token has expired or was not made here", "访问令牌已过期或无效"),
        Words("Get a new one by `POST /oauth/token`.", "请以 POST /oauth/token 重新取得。"),
    ),
    **OAUTH_ERRORS,
}
