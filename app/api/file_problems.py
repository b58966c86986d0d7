"""Problems of files that programs send or fetch, in both languages."""

from app.api.wording import ProblemKind, Words

_MAKE_ANEW = Words("Make the file anew and send it again.", "请重新生成文件后再发送。")

FILE_PROBLEMS: dict[str, ProblemKind] = {
    "malformed_form": ProblemKind(
        400,
        Words("The form can't be read", "表单无法读取"),
        Words(
            "Send `multipart/form-data` (RFC 7578) with one part `file` that has a file name; texts in UTF-8.",
            "请按 RFC 7578 发送 multipart/form-data，其中名为 file 的部分须带文件名；文字为 UTF-8。",
        ),
    ),
    "no_such_file": ProblemKind(
        404,
        Words("There is no such file", "没有这个文件"),
        Words("Take the id from the assignment's list of files.", "请使用该交办文件列表中的编号。"),
    ),
    "no_such_report": ProblemKind(
        404,
        Words("No such report has been published", "没有已公布的该版报告"),
        Words(
            "It is published when the consultation is concluded; leave `edition` out for the newest.",
            "报告在征集办结时公布；不填 edition 即为最新一版。",
        ),
    ),
    "file_answered_with": ProblemKind(
        409,
        Words("The file belongs to an answer that was given", "该文件属于已提交的答复"),
        Words("What was answered with stays; add another file instead.", "已随答复提交的文件须保留，可另行添加。"),
    ),
    "file_not_scanned": ProblemKind(
        409,
        Words("The file has not been scanned yet", "文件尚未完成安全检查"),
        Words("Try again in a minute.", "请稍后再试。"),
    ),
    "file_infected": ProblemKind(
        409,
        Words("Something harmful was found in the file", "文件未通过安全检查"),
        Words("Nobody can open it any more.", "该文件已不能打开。"),
    ),
    "file_lost": ProblemKind(
        409,
        Words("The file's content isn't there any more", "文件内容已丢失"),
        Words("Tell the column's administrator.", "请告知专栏管理员。"),
    ),
    "unsupported_file_type": ProblemKind(
        415,
        Words("The body is not declared as a file", "请求正文未声明为文件"),
        Words(
            "Send `multipart/form-data`, or the file itself with its own type or `application/octet-stream`.",
            "请以 multipart/form-data 发送，或直接发送文件并声明其类型（或 application/octet-stream）。",
        ),
    ),
    "file_name_required": ProblemKind(
        422,
        Words("The file has no name", "缺少文件名"),
        Words("Give it as `?name=` in the address.", "请在地址中以 ?name= 给出文件名。"),
        field="name",
    ),
    "too_many_files": ProblemKind(
        422,
        Words("There are too many files", "文件过多"),
        Words("An answer has {limit} at most.", "一项答复最多附 {limit} 个文件。"),
    ),
    "no_such_scan": ProblemKind(
        422,
        Words("No such file lies with the assignment", "该交办没有这个文件"),
        Words("Attach the scan first, then name its id.", "请先上传签批件，再填写其编号。"),
        field="scan",
    ),
    "upload_empty": ProblemKind(
        422,
        Words("There is no file", "没有文件"),
        Words("Send it as the part `file`, or as the body.", "请以名为 file 的部分或请求正文发送文件。"),
    ),
    "upload_kind": ProblemKind(
        422,
        Words("The file is of no kind that is taken", "不支持该类文件"),
        Words("Send PDF, Word (.docx), JPEG or PNG.", "请发送 PDF、Word（.docx）、JPEG 或 PNG 文件。"),
    ),
    "upload_two_kinds": ProblemKind(
        422, Words("The file could be read as two kinds", "文件可被当作两种格式读取"), _MAKE_ANEW
    ),
    "upload_protected": ProblemKind(
        422,
        Words("The file is protected by a password", "文件设有密码"),
        Words("Send it without one.", "请去除密码后再发送。"),
    ),
    "upload_active": ProblemKind(
        422,
        Words("The file holds macros, scripts or other files", "文件含有宏、脚本或内嵌文件"),
        Words("Send it without them.", "请去除后再发送。"),
    ),
    "upload_damaged": ProblemKind(422, Words("The file is damaged", "文件已损坏"), _MAKE_ANEW),
    "upload_bomb": ProblemKind(
        422,
        Words("The file is far larger than it looks", "文件解开后过大"),
        Words("Send fewer pages, or less in it.", "请减少页数或内容后再发送。"),
    ),
    "upload_too_many_pixels": ProblemKind(
        422,
        Words("The picture has too many pixels", "图片像素过多"),
        Words("Make it smaller.", "请缩小后再发送。"),
    ),
    "upload_took_too_long": ProblemKind(422, Words("The file takes too long to read", "文件读取时间过长"), _MAKE_ANEW),
    "upload_infected": ProblemKind(
        422,
        Words("Something harmful was found in the file", "文件未通过安全检查"),
        Words("Look at your own machine first.", "请先检查本单位的计算机。"),
    ),
}
