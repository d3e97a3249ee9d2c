"""Values that nobody should send: what has broken programs before, by kind of what is expected."""

CANARY = "<x9f7e'\">"
"""Must never come back as it is: it would be markup."""

WORDS = [
    "", " ", "\0", "a\0b", "\t\r\n", "x" * 300, "x" * 7000, "é" * 2000, CANARY, f"a{CANARY}b", f"</script>{CANARY}",
    f"\"onmouseover=x {CANARY}", "' OR 1=1--", "'; DROP TABLE negotiations_entry; --", "\\", "\\'", "%", "%%", "_", "*",
    "(((((((((((", "[a-", "a & b | !c:*", "!", "<->", ":*", "\"", "\"\"", "a AND OR NOT", "{{7*7}}", "{% debug %}",
    "${7*7}", "../../../../etc/passwd", "..%2f..", "//evil.example/", "https://evil.example/", "javascript:alert(1)",
    "\r\nX-Injected: yes", "=cmd|' /C calc'!A0", "\u202eright to left", "\ufeff", "\uffff", "😀" * 50, "e\u0301" * 50,
    "İ", "ß", "ﬁ", "Ё", "ё" * 200, "None", "null", "undefined", "True", "[]", "{}", "[object Object]", "\x7f",
    "\x1b[31m",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "-1", "1", "+1", "01", "1.5", "1e309", "1e5", "NaN", "inf", "-inf", "0x10", "1_000", " 1 ", "١٢", "１２",
    "²", "½", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "9" * 400,
]  # fmt: skip
DAYS = [
    "2013", "2013-06", "2013-06-22", "2013-02-30", "2013-13", "2013-00-00", "0000", "0000-00-00", "0001-01-01", "-0001",
    "-1000000", "9999-12-31", "10000-01-01", "99999999999-01-01", "198X", "19XX", "XXXX", "2013-06-XX", "2013?",
    "2013~", "2013-06-22/2013-07", "2013/2012", "../2013", "2013/..", "/", "2004-06/", "[1667,1668]", "{1960..1961}",
    "Y170000002", "2013-21", "2013-06-22T10:00:00Z", "22.06.2013", "June 2013", "２０１３", "today", "2024-02-29",
    "2023-02-29",
]  # fmt: skip
SENSELESS = WORDS + NUMBERS + DAYS

HEADERS = {
    "Accept": ["", "*/*;q=x", "application/json", "text/html;q=1.5, x", "x" * 4000, "a/b;" * 500],
    "Accept-Language": ["ru", "xx-YY", "*", "en;q=9", "ru;q=,en", "-" * 3000, "a-" * 300, "\u00e9", "zh-" + "x" * 900],
    "Accept-Encoding": ["", "br;q=0", "gzip, br;q=x", "identity;q=0", "x" * 4000, ",,,,;;;;"],
    "Authorization": ["Basic", "Basic !!!", "Basic /w==", "Bearer ", "Bearer \u00e9", "x" * 4000],
    "Content-Type": ["", "x", "multipart/form-data", "multipart/form-data; boundary=", "application/json; charset=x",
                     "text/plain; charset=utf-16", "application/x-www-form-urlencoded; charset=utf-7", ";;;",
                     "a/b; " * 99],
    "Cookie": ["", "=", ";;;;", "sessionid=x", "sessionid=" + "x" * 3000, "csrftoken=\u00e9", "messages=x; sessionid=",
               "django_language=xx", "a" * 4000, "sessionid=\"\\000\""],
    "Host": ["", "evil.example", "localhost:99999", "localhost:x", "[::1", "a b", "localhost.",
             "127.0.0.1, evil.example"],
    "HX-Request": ["true", "false", "1", ""],
    "HX-History-Restore-Request": ["true", "x"],
    "HX-Target": ["#x", CANARY, "\u00e9"],
    "HX-Current-URL": ["x", "http://[", "https://evil.example/?q=" + CANARY, "%FF"],
    "If-Match": ["*", "x", "\"", "W/\"x\""],
    "If-Modified-Since": ["x", "Thu, 32 Foo 2013 99:99:99 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "1" * 400,
                          "Sat, 29 Oct 99999 19:43:31 GMT"],
    "If-None-Match": ["*", "\"\"", "x", "W/", "\"" + "x" * 4000 + "\"", "\"a\", \"b\","],
    "Origin": ["null", "https://evil.example", "x", "http://["],
    "Range": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1,2-2", "x=1-2", "bytes=" + "9" * 400 + "-"],
    "Referer": ["x", "http://[", "https://evil.example/" + CANARY, "\u00e9"],
    "User-Agent": ["", CANARY, "x" * 4000, "\u00e9"],
    "X-Forwarded-For": ["x", "1.2.3.4, x, ::1", "," * 500, "999.999.999.999", "::ffff:1.2.3.4%eth0"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Forwarded-Proto": ["https", "gopher"],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-Request-ID": ["", "x" * 4000, CANARY, "a b\t", "\u00e9"],
    "X-CSRFToken": ["x", "", "\u00e9" * 64],
}  # fmt: skip
