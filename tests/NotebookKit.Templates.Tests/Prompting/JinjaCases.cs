namespace NotebookKit.Tests.Prompting;

/// <summary>
/// Templates written for these tests with what CPython 3.11 and Jinja2 3.1.6 render for <see cref="Example"/>; <c>choice</c> and
/// <c>random</c> took the first item, <c>zip</c> and <c>most_frequent</c> were added as promptsource adds them.
/// </summary>
public static class JinjaCases
{
    public const string Example =
        """
        {"title": "The quick brown fox", "text": "naïve café — 😀 done", "empty": "", "n": 7, "zero": 0, "ratio": 2.5, "neg": -3, "yes": true, "nothing": null, "words": ["pear", "Apple", "fig", "apple"], "nums": [3, 1, 2], "rows": [{"name": "Ann", "age": 31, "tags": ["a", "b"]}, {"name": "bob", "age": 7, "tags": []}, {"name": "Cid", "age": 31, "tags": ["c"]}], "scores": {"a": 0.5, "b": 1, "c": null}, "big": 123456789012345678901234567890, "label": 1}
        """;

    public static TheoryData<string, string> NumbersPrintAsPythonPrintsThem => new()
    {
        { "{{ 4/2 }} {{ 7/2 }} {{ 7//2 }} {{ -7//2 }} {{ 7%3 }} {{ -7%3 }} {{ 7%-3 }}", "2.0 3.5 3 -4 1 2 -2" },
        { "{{ 1e16 }} {{ 1e15 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1.5e300 }} {{ 5e-324 }} {{ 123456789.123456789 }}", "1e+16 1000000000000000.0 0.0001 1e-05 1.5e+300 5e-324 123456789.12345679" },
        { "{{ 0.1+0.2 }} {{ 1/3 }} {{ 2.0 }} {{ -0.0 }} {{ 100.0*3 }}", "0.30000000000000004 0.3333333333333333 2.0 -0.0 300.0" },
        { "{{ 2**10 }} {{ 2**-1 }} {{ 2**0.5 }} {{ 2**100 }} {{ -2**2 }} {{ 2**3**2 }}", "1024 0.5 1.4142135623730951 1267650600228229401496703205376 4 64" },
        { "{{ big }} {{ big*big }} {{ big//7 }} {{ big%1000 }} {{ big/3 }}", "123456789012345678901234567890 15241578753238836750495351562536198787501905199875019052100 17636684144620811271604938270 890 4.115226300411523e+28" },
        { "{{ 9223372036854775807 + 1 }} {{ -9223372036854775808 - 1 }} {{ 4611686018427387904 * 2 }}", "9223372036854775808 -9223372036854775809 9223372036854775808" },
        { "{{ 2.675|round(2) }} {{ 0.5|round }} {{ 1.5|round }} {{ 2.5|round }} {{ 15|round(-1) }} {{ 25|round(-1) }} {{ 3.14159|round(3) }}", "2.67 0.0 2.0 2.0 20 20 3.142" },
        { "{{ 2.3|round(0,'ceil') }} {{ 2.7|round(0,'floor') }} {{ 2.345|round(2,'ceil') }} {{ 7|round(1) }}", "3.0 2.0 2.35 7" },
        { "{{ true+true }} {{ true*3 }} {{ true/2 }} {{ -true }} {{ 5-false }}", "2 3 0.5 -1 5" },
        { "{{ 7.5//2 }} {{ -7.5//2 }} {{ 7.5%2 }} {{ -7.5%2 }} {{ 7.5%-2 }} {{ 0.0%3 }}", "3.0 -4.0 1.5 0.5 -0.5 0.0" },
        { "{{ '42'|int + 1 }} {{ '42.7'|int }} {{ 'x'|int }} {{ 'x'|int(-1) }} {{ '0x1F'|int(0,16) }} {{ '1_000'|int }} {{ ' 12 '|int }} {{ none|int }} {{ 3.99|int }}", "43 42 0 -1 31 1000 12 0 3" },
        { "{{ '3.5'|float }} {{ 'x'|float }} {{ 'x'|float(1.5) }} {{ 'inf'|float }} {{ '1e5'|float }} {{ true|float }}", "3.5 0.0 1.5 inf 100000.0 1.0" },
        { "{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5_0 }}", "31 5 15 1000 10.5" },
        { "{{ neg|abs }} {{ 2.5|abs }} {{ (0-2.5)|abs }}", "3 2.5 2.5" },
        { "{{ 1000|filesizeformat }} {{ 1|filesizeformat }} {{ 1500000|filesizeformat }} {{ 2048|filesizeformat(true) }}", "1.0 kB 1 Byte 1.5 MB 2.0 KiB" },
    };

    public static TheoryData<string, string> ContainersPrintAsPythonPrintsThem => new()
    {
        { "{{ nums }} {{ words }} {{ [] }} {{ {} }} {{ () }} {{ (1,) }} {{ (1,2) }}", "[3, 1, 2] ['pear', 'Apple', 'fig', 'apple'] [] {} () (1,) (1, 2)" },
        { "{{ scores }} {{ rows[0] }}", "{'a': 0.5, 'b': 1, 'c': None} {'name': 'Ann', 'age': 31, 'tags': ['a', 'b']}" },
        { "{{ [1.0, 'a', none, true, [2, 'b']] }}", "[1.0, 'a', None, True, [2, 'b']]" },
        { "{{ {'k': 'v', 1: [2], none: 0.5} }}", "{'k': 'v', 1: [2], None: 0.5}" },
        { "{{ ['it\\'s', 'say \"hi\"', 'both \\' and \"', 'new\\nline', 'tab\\t', 'back\\\\slash'] }}", "[\"it's\", 'say \"hi\"', 'both \\' and \"', 'new\\nline', 'tab\\t', 'back\\\\slash']" },
        { "{{ [text] }} {{ ['\\x00\\x7f\\x85\\xa0'] }} {{ ['\\u200b\\ufeff'] }}", "['naïve café — 😀 done'] ['\\x00\\x7f\\x85\\xa0'] ['\\u200b\\ufeff']" },
        { "{{ range(3) }} {{ range(1,10,3)|list }} {{ range(5,0,-2)|list }}", "range(0, 3) [1, 4, 7] [5, 3, 1]" },
        { "{{ scores.keys() }} {{ scores.values() }} {{ scores.items() }}", "dict_keys(['a', 'b', 'c']) dict_values([0.5, 1, None]) dict_items([('a', 0.5), ('b', 1), ('c', None)])" },
        { "{{ {1:'a', 1.0:'b', true:'c'} }}", "{1: 'c'}" },
        { "{{ [undefined_name] }} {{ [none, nothing] }}", "[Undefined] [None, None]" },
    };

    public static TheoryData<string, string> TextIsCountedAndCutByCodePoint => new()
    {
        { "{{ text|length }} {{ text[13] }} {{ text[-1] }} {{ text[12:16] }} {{ text[::-1] }}", "19 😀 e  😀 d enod 😀 — éfac evïan" },
        { "{{ text[:5] }}|{{ text[-5:] }}|{{ text[2:-2:3] }}|{{ text[10:2:-3] }}", "naïve| done|ï f— | ae" },
        { "{{ text.find('done') }} {{ text.index('😀') }} {{ text.rfind('é') }} {{ text.find('zzz') }}", "15 13 9 -1" },
        { "{{ title[100:] }}|{{ title[3:1] }}|{{ title[-100:3] }}|{{ title[100] }}|", "||The||" },
        { "{% for c in 'a😀b' %}<{{ c }}>{% endfor %}", "<a><😀><b>" },
        { "{{ text|center(30) }}|{{ text.ljust(24,'*') }}|{{ text.rjust(24) }}|{{ 'ab'.center(5,'*') }}|{{ 'abc'.center(6,'*') }}", "     naïve café — 😀 done      |naïve café — 😀 done*****|     naïve café — 😀 done|**ab*|*abc**" },
        { "{{ text|truncate(12) }} {{ text|truncate(12,true) }} {{ title|truncate(19) }} {{ title|truncate(9,false,'…',0) }}", "naïve... naïve caf... The quick brown fox The…" },
    };

    public static TheoryData<string, string> MethodsOfText => new()
    {
        { "{{ title.split() }} {{ title.split(' ',1) }} {{ title.rsplit(' ',1) }} {{ 'a,b,,c'.split(',') }} {{ ' a  b '.split(' ') }} {{ ''.split() }} {{ ''.split(',') }}", "['The', 'quick', 'brown', 'fox'] ['The', 'quick brown fox'] ['The quick brown', 'fox'] ['a', 'b', '', 'c'] ['', 'a', '', 'b', ''] [] ['']" },
        { "{{ 'a b  c '.split(none,1) }} {{ ' a b  c'.rsplit(none,1) }}", "['a', 'b  c '] [' a b', 'c']" },
        { "{{ 'one\\ntwo\\r\\nthree\\x0bfour'.splitlines() }} {{ 'a\\n\\nb\\n'.splitlines(true) }}", "['one', 'two', 'three', 'four'] ['a\\n', '\\n', 'b\\n']" },
        { "{{ 'k=v=w'.partition('=') }} {{ 'k=v=w'.rpartition('=') }} {{ 'kv'.partition('=') }} {{ 'kv'.rpartition('=') }}", "('k', '=', 'v=w') ('k=v', '=', 'w') ('kv', '', '') ('', '', 'kv')" },
        { "{{ '  x '.strip() }}|{{ '  x '.lstrip() }}|{{ '  x '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcba'.strip('ab') }}", "x|x |  x|a|c" },
        { "{{ title.startswith('The') }} {{ title.endswith(('cat','fox')) }} {{ title.startswith('quick',4) }} {{ title.endswith('quick',0,9) }}", "True True True True" },
        { "{{ 'straße'.upper() }} {{ 'ΟΔΥΣΣΕΥΣ'.lower() }} {{ 'ﬁne'.title() }} {{ 'ǆ'.capitalize() }} {{ 'İ'.lower()|length }} {{ 'Straße'.casefold() }}", "STRASSE οδυσσευς Fine ǅ 2 strasse" },
        { "{{ \"they're bill's\".title() }} {{ \"they're bill's (x-ray)\"|title }} {{ 'hELLO wORLD'|capitalize }} {{ 'aBc'.swapcase() }}", "They'Re Bill'S They're Bill's (X-Ray) Hello world AbC" },
        { "{{ 'banana'.replace('a','o') }} {{ 'banana'.replace('a','o',2) }} {{ 'ab'.replace('','-') }} {{ 'banana'|replace('an','') }} {{ 5|replace(5,6) }}", "bonono bonona -a-b- ba 6" },
        { "{{ 'banana'.count('an') }} {{ 'aaaa'.count('aa') }} {{ 'abc'.count('') }} {{ 'banana'.count('a',2,4) }}", "2 2 4 1" },
        { "{{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ '+7.5'.zfill(6) }} {{ 'abc'.zfill(2) }}", "007 -007 +007.5 abc" },
        { "{{ 'ab1'.isalnum() }} {{ 'ab'.isalpha() }} {{ '12'.isdigit() }} {{ '²'.isdigit() }} {{ '½'.isnumeric() }} {{ ''.isalpha() }} {{ 'aB'.islower() }} {{ 'Ab Cd'.istitle() }} {{ ' \\n'.isspace() }} {{ 'a1'.isidentifier() }}", "True True True True True False False True True True" },
        { "{{ '-'.join(['a','b']) }} {{ ''.join('xyz') }} {{ ', '.join(scores) }}", "a-b xyz a, b, c" },
        { "{{ 'a\\tb'.expandtabs(4) }} {{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }} {{ 'abc'.translate({97:'X',98:none}) }}", "a   b x x Xc" },
        { "{{ '{} and {}'.format(1,'b') }} {{ '{1}{0}{1}'.format('a','b') }} {{ '{x:>5}|{y:.2f}'.format(x='r',y=3.14159) }} {{ '{0[k]}'.format({'k':1}) }} {{ '{{}}'.format() }}", "1 and b bab     r|3.14 1 {}" },
        { "{{ '{:,}'.format(1234567.891) }} {{ '{:+d}'.format(5) }} {{ '{:08.3f}'.format(-3.14159) }} {{ '{:x}'.format(255) }} {{ '{:%}'.format(0.25) }} {{ '{:e}'.format(12345.678) }} {{ '{!r:>6}'.format('a') }} {{ '{:^9}'.format('mid') }} {{ '{:_}'.format(1234567) }}", "1,234,567.891 +5 -003.142 ff 25.000000% 1.234568e+04    'a'    mid    1_234_567" },
    };

    public static TheoryData<string, string> PercentFormatting => new()
    {
        { "{{ '%s is %d' % ('x', 5) }} {{ '%5.2f|%-6s|%06d|%+d' % (3.14159,'ab',42,7) }} {{ '%x %X %o %c' % (255,255,8,65) }}", "x is 5  3.14|ab    |000042|+7 ff FF 10 A" },
        { "{{ '%0.1f'|format(2.25) }} {{ '%0.1f'|format(2.35) }} {{ '%.0f'|format(0.5) }} {{ '%.0f'|format(1.5) }} {{ '%.3f'|format(1e20) }}", "2.2 2.4 0 2 100000000000000000000.000" },
        { "{{ '%e %g %g %g' % (12345.678, 0.0001, 0.00001, 1e6) }} {{ '%.3g' % 1234.5 }} {{ '%#.3g' % 1.0 }}", "1.234568e+04 0.0001 1e-05 1e+06 1.23e+03 1.00" },
        { "{{ '%(a)s-%(b)r' % {'a':1,'b':'z'} }} {{ '100%%' % () }} {{ '%r' % 'q' }} {{ '%*d' % (5,42) }} {{ '%.2s' % 'abcdef' }}", "1-'z' 100% 'q'    42 ab" },
        { "{{ '%s' % [1,2] }} {{ '%s and %s'|format('a', none) }} {{ '%d'|format(3.9) }} {{ '%i' % true }}", "[1, 2] a and None 3 1" },
    };

    public static TheoryData<string, string> ComparisonAndTruth => new()
    {
        { "{{ 1 == 1.0 }} {{ 1 == true }} {{ 'a' == 'a' }} {{ [1,2] == [1,2] }} {{ (1,2) == [1,2] }} {{ {'a':1} == {'a':1.0} }} {{ none == none }} {{ none == 0 }}", "True True True True False True True False" },
        { "{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }} {{ 1 < 2 == true }} {{ 'a' < 'b' <= 'b' }} {{ [1,2] < [1,3] }} {{ 'Z' < 'a' }} {{ '10' < '9' }}", "True False False True True True True" },
        { "{{ 2 in nums }} {{ 'x' not in nums }} {{ 'quick' in title }} {{ 'a' in scores }} {{ '' in 'x' }} {{ 3 in range(0,10,3) }} {{ 1.0 in nums }}", "True True True True True True True" },
        { "{% for v in [0, 0.0, '', [], {}, (), none, false, undefined_name, 'x', [0], -1] %}{{ 1 if v else 0 }}{% endfor %}", "000000000111" },
        { "{{ 0 or 'b' }} {{ 'a' and 'b' }} {{ '' and 'b' }} {{ none or [] or 0 }} {{ not none }} {{ not 'x' }} {{ not not 'x' }}", "b b  0 True False True" },
        { "{{ 9007199254740993 == 9007199254740992.0 }} {{ 9007199254740993 > 9007199254740992.0 }} {{ big > 1e29 }} {{ big < 1e30 }}", "False True True True" },
        { "{{ '\\U0001F600' > '\\uFFFD' }} {{ ['b','a','\\U0001F600','\\uFF5A']|sort }}", "True ['a', 'b', 'ｚ', '😀']" },
        { "{{ 'yes' if n > 5 else 'no' }} {{ 'yes' if n > 50 }} {{ 'a' if false else 'b' if false else 'c' }}", "yes  c" },
    };

    public static TheoryData<string, string> UndefinedValues => new()
    {
        { "[{{ nope }}] [{{ rows[9] }}] [{{ title.nope }}] [{{ scores.zzz }}] [{{ scores['zzz'] }}]", "[] [] [] [] []" },
        { "{% for x in nope %}x{% else %}none{% endfor %}", "none" },
        { "{{ nope|default('d') }} {{ empty|default('d') }} {{ empty|default('d',true) }} {{ none|default('d') }} {{ nothing|d('e', boolean=true) }}", "d  d None e" },
        { "{{ nope is defined }} {{ nope is undefined }} {{ n is defined }} {{ nope == nope2 }} {{ nope == '' }} {{ nope|length }} {{ nope|list }} {{ nope|upper }}|{{ nope ~ 'x' }}", "False True True True False 0 [] |x" },
        { "{{ nope|first }}{{ []|first }}{{ []|last }}{{ []|max }}|{{ []|sum }}|{{ nope|join(',') }}|", "|0||" },
    };

    public static TheoryData<string, string> FiltersOnSequences => new()
    {
        { "{{ words|sort }} {{ words|sort(reverse=true) }} {{ words|sort(case_sensitive=true) }} {{ nums|sort|first }} {{ nums|last }}", "['Apple', 'apple', 'fig', 'pear'] ['pear', 'fig', 'Apple', 'apple'] ['Apple', 'apple', 'fig', 'pear'] 1 2" },
        { "{{ rows|sort(attribute='age,name')|map(attribute='name')|join(' ') }} {{ rows|sort(attribute='name', reverse=true)|map(attribute='name')|list }}", "bob Ann Cid ['Cid', 'bob', 'Ann']" },
        { "{{ words|unique|list }} {{ words|unique(true)|list }} {{ rows|unique(attribute='age')|map(attribute='name')|list }}", "['pear', 'Apple', 'fig'] ['pear', 'Apple', 'fig', 'apple'] ['Ann', 'bob']" },
        { "{{ rows|groupby('age') }} {% for age, people in rows|groupby('age') %}{{ age }}:{{ people|map(attribute='name')|join('+') }} {% endfor %}{% for g in rows|groupby('age') %}{{ g.grouper }}/{{ g.list|length }} {% endfor %}", "[(7, [{'name': 'bob', 'age': 7, 'tags': []}]), (31, [{'name': 'Ann', 'age': 31, 'tags': ['a', 'b']}, {'name': 'Cid', 'age': 31, 'tags': ['c']}])] 7:bob 31:Ann+Cid 7/1 31/2 " },
        { "{{ nums|min }} {{ words|max }} {{ rows|max(attribute='age') }} {{ words|min(case_sensitive=true) }}", "1 pear {'name': 'Ann', 'age': 31, 'tags': ['a', 'b']} Apple" },
        { "{{ nums|sum }} {{ nums|sum(start=10) }} {{ rows|sum(attribute='age') }} {{ [[1],[2]]|sum(start=[]) }}", "6 16 69 [1, 2]" },
        { "{{ nums|map('string')|list }} {{ words|map('upper')|join }} {{ rows|map(attribute='tags')|list }} {{ rows|map(attribute='tags.0')|list }} {{ rows|map(attribute='x',default='?')|join }} {{ ['a b','c']|map('replace',' ','_')|list }}", "['3', '1', '2'] PEARAPPLEFIGAPPLE [['a', 'b'], [], ['c']] ['a', Undefined, 'c'] ??? ['a_b', 'c']" },
        { "{{ [1,'a',none,2.0,true]|select('number')|list }} {{ [0,1,'',2]|select|list }} {{ nums|reject('odd')|list }} {{ nums|select('>',1)|list }} {{ words|reject('equalto','fig')|list }} {{ nums|select('in',[1,2])|list }}", "[1, 2.0, True] [1, 2] [2] [3, 2] ['pear', 'Apple', 'apple'] [1, 2]" },
        { "{{ rows|selectattr('tags')|map(attribute='name')|list }} {{ rows|selectattr('age','equalto',31)|list|length }} {{ rows|rejectattr('age','lt',10)|map(attribute='name')|join(',') }}", "['Ann', 'Cid'] 2 Ann,Cid" },
        { "{{ range(7)|batch(3)|list }} {{ range(7)|batch(3,'-')|list }} {{ range(7)|slice(3)|list }} {{ range(7)|slice(3,'-')|list }}", "[[0, 1, 2], [3, 4, 5], [6]] [[0, 1, 2], [3, 4, 5], [6, '-', '-']] [[0, 1, 2], [3, 4], [5, 6]] [[0, 1, 2], [3, 4, '-'], [5, 6, '-']]" },
        { "{{ nums|reverse|list }} {{ 'abc'|reverse }} {{ nums|join('-') }} {{ rows|join(', ', attribute='name') }} {{ [1,none,true]|join('/') }}", "[2, 1, 3] cba 3-1-2 Ann, bob, Cid 1/None/True" },
        { "{{ scores|dictsort }} {{ {'b':1,'A':2}|dictsort }} {{ {'b':1,'A':2}|dictsort(true) }} {{ {'b':1,'A':2}|dictsort(by='value',reverse=true) }} {{ scores|items|list }} {{ scores|list }}", "[('a', 0.5), ('b', 1), ('c', None)] [('A', 2), ('b', 1)] [('A', 2), ('b', 1)] [('A', 2), ('b', 1)] [('a', 0.5), ('b', 1), ('c', None)] ['a', 'b', 'c']" },
        { "{{ zip(nums,words)|list }} {% for a,b in zip(nums,words) %}{{ a }}{{ b }} {% endfor %}", "[(3, 'pear'), (1, 'Apple'), (2, 'fig')] 3pear 1Apple 2fig " },
        { "{{ [none, 1]|choice }} {{ [none]|random }} {{ words|choice }} {{ nums|random }} {{ ['b','a','b','a','c']|most_frequent }} {{ []|most_frequent }} {{ 'xyz'|choice }}", "None None pear 3 ['b', 'a'] None x" },
        { "{{ '\\x7f'|tojson }} {{ {'\\x7f':['\\x7e\\x7f\\x80']}|tojson }}", "\"\\u007f\" {\"\\u007f\": [\"~\\u007f\\u0080\"]}" },
        { "{{ '\\N{BULLET}\\N{greek small letter alpha}\\N{GRINNING FACE}\\N{CJK UNIFIED IDEOGRAPH-4E00}\\N{HANGUL SYLLABLE GAG}' }}", "•α😀一각" },
        { "{{ {'b':[1,2.5,none],'a':'<é>'}|tojson }} {{ [1,{'x':true}]|tojson(2) }}", "{\"a\": \"\\u003c\\u00e9\\u003e\", \"b\": [1, 2.5, null]} [\n  1,\n  {\n    \"x\": true\n  }\n]" },
        { "{{ words|length }} {{ scores|count }} {{ title|wordcount }} {{ nums|string|length }}", "4 3 4 9" },
    };

    public static TheoryData<string, string> FiltersOnText => new()
    {
        { "{{ ' a '|trim }}|{{ 'xxaxx'|trim('x') }}|{{ title|upper }}|{{ title|lower }}|{{ title|list|length }}", "a|a|THE QUICK BROWN FOX|the quick brown fox|19" },
        { "{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb'|indent(2,true) }}|{{ 'a\\n\\nb'|indent('> ',blank=true) }}", "a\n    b\n\n    c|  a\n  b|a\n> \n> b" },
        { "{{ 'the quick brown fox-like animal'|wordwrap(10) }}|{{ 'abcdefghij'|wordwrap(4) }}|{{ 'abcdefghij kl'|wordwrap(4,false,'/') }}", "the quick\nbrown fox-\nlike\nanimal|abcd\nefgh\nij|abcdefghij/kl" },
        { "{{ '<a href=\"x\">it\\'s</a> & more'|escape }} {{ '<b>bold</b>  text &amp; x'|striptags }} {{ ('<b>'|safe) ~ '<i>' }} {{ ('<b>'|escape) + '<i>' }}", "&lt;a href=&#34;x&#34;&gt;it&#39;s&lt;/a&gt; &amp; more bold text & x <b><i> &lt;b&gt;&lt;i&gt;" },
        { "{{ 'a b/c?d=é'|urlencode }} {{ {'a b':'c&d','e':1}|urlencode }}", "a%20b/c%3Fd%3D%C3%A9 a+b=c%26d&e=1" },
        { "{{ {'class':'x','id':none,'data':'<1>'}|xmlattr }}", " class=\"x\" data=\"&lt;1&gt;\"" },
        { "{{ 'see https://example.org/a?b=1, or www.example.com.'|urlize }}", "see <a href=\"https://example.org/a?b=1\" rel=\"noopener\">https://example.org/a?b=1</a>, or <a href=\"https://www.example.com\" rel=\"noopener\">www.example.com</a>." },
        { "{{ 'abc'|first }}{{ 'abc'|last }} {{ 'cab'|sort|join }} {{ 'abc'|map('upper')|join('.') }}", "ac abc A.B.C" },
    };

    public static TheoryData<string, string> Loops => new()
    {
        { "{% for x in nums %}{{ loop.index }}/{{ loop.length }}:{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}", "1/3:3, 2/3:1, 3/3:2" },
        { "{% for x in nums %}{{ loop.index0 }}{{ loop.first }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}", "0True321;1False2132;2False101;" },
        { "{% for x in nums if x > 1 %}{{ loop.index }}{{ x }}{{ loop.length }} {% else %}none{% endfor %}{% for x in nums if x > 9 %}x{% else %}none{% endfor %}", "132 222 none" },
        { "{% for k, v in scores.items() %}{{ k }}={{ v }} {% endfor %}{% for a, (b, c) in [(1,(2,3)),[4,'xy']] %}{{ a }}{{ b }}{{ c }} {% endfor %}", "a=0.5 b=1 c=None 123 4xy " },
        { "{% for x in range(4) %}{{ loop.cycle('a','b') }}{{ loop.changed(x//2) }} {% endfor %}", "aTrue bFalse aTrue bFalse " },
        { "{% for x in [1,2] %}{% for y in [3,4] %}{{ loop.index }}{{ x }}{{ y }} {% endfor %}{{ loop.index }};{% endfor %}", "113 214 1;123 224 2;" },
        { "{% set xs = [1] %}{% for x in xs %}{% if x < 4 %}{{ xs.append(x+1) or '' }}{% endif %}{{ x }} {% endfor %}{{ xs }}", "1 2 3 4 [1, 2, 3, 4]" },
        { "{% for item in [[1,[2,[3]]],[4]] recursive %}{{ loop.depth }}{% if item is iterable %}({{ loop(item) }}){% else %}{{ item }}{% endif %}{% endfor %}", "1(212(323(43)))1(24)" },
        { "{% for c in 'ab' %}{% for c in 'cd' %}{{ c }}{% endfor %}{{ c }}{% endfor %}{{ c }}", "cdacdb" },
        { "{% for x in [] %}{% else %}empty {{ x }}{% endfor %}", "empty " },
        { "{% for x in scores %}{{ x }}{% endfor %}{% for x in {} %}{% else %}!{% endfor %}", "abc!" },
    };

    public static TheoryData<string, string> Scopes => new()
    {
        { "{% set x = 1 %}{% for i in [1,2] %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}", "2 3 1" },
        { "{% set ns = namespace(total=0, seen=[]) %}{% for i in nums %}{% set ns.total = ns.total + i %}{% set ns.seen = ns.seen + [i] %}{% endfor %}{{ ns.total }} {{ ns.seen }}", "6 [3, 1, 2]" },
        { "{% if n > 3 %}{% set y = 'set' %}{% endif %}{{ y }}|{% if n > 30 %}{% set n = 1 %}{% endif %}{{ n }}", "set|7" },
        { "{% for i in [1,2] %}{% if i == 1 %}{% set z = 'one' %}{% endif %}[{{ z }}]{% endfor %}[{{ z }}]", "[one][][]" },
        { "{% for i in [0] %}[{{ later }}]{% endfor %}{% set later = 'now' %}[{{ later }}]", "[][now]" },
        { "{% set a, b = 1, [2,3] %}{{ a }}{{ b }}{% set (c, d) = 'xy' %}{{ c }}{{ d }}", "1[2, 3]xy" },
        { "{% set block %}x{{ n }}{% set n = 5 %}{{ n }}{% endset %}[{{ block }}]{{ n }}{% set up | upper %}abc{% endset %}{{ up }}", "[x75]7ABC" },
        { "{% with a = 1, b = n %}{{ a }}{{ b }}{% set n = 0 %}{{ n }}{% endwith %}{{ n }}{{ a }}", "1707" },
        { "{% filter upper %}abc {{ title }}{% endfilter %} {% filter replace('a','b')|trim %} banana {% endfilter %}", "ABC THE QUICK BROWN FOX bbnbnb" },
        { "{% macro greet(name, greeting='Hello', mark='!') %}{{ greeting }}, {{ name }}{{ mark }}{% endmacro %}{{ greet('Ann') }} {{ greet('Bob', mark='?') }} {{ greet(greeting='Hi', name='C') }}", "Hello, Ann! Hello, Bob? Hi, C!" },
        { "{% macro count(n) %}{{ n }}{% if n > 0 %} {{ count(n-1) }}{% endif %}{% endmacro %}{{ count(3) }}", "3 2 1 0" },
        { "{% macro wrap() %}<{{ caller() }}>{% endmacro %}{% call wrap() %}in {{ n }}{% endcall %}{% macro each(xs) %}{% for x in xs %}{{ caller(x, loop.index) }}{% endfor %}{% endmacro %}{% call(x, i) each(nums) %}{{ i }}={{ x }} {% endcall %}", "<in 7>1=3 2=1 3=2 " },
        { "{% macro va(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ va(1,2,3,k=4) }}", "1(2, 3){'k': 4}" },
        { "{% block main %}in block {{ n }}{% endblock %} {% print n, 'x' %}", "in block 7 7x" },
        { "{% set xs = [] %}{% for w in words %}{% set _ = xs.append(w|length) %}{% endfor %}{{ xs }} {% set d = {} %}{{ d.update({'k': 1}) or '' }}{{ d.setdefault('j', []) }}{{ d.pop('k') }}{{ d }}", "[4, 5, 3, 5] []1{'j': []}" },
    };

    public static TheoryData<string, string> WhitespaceAndLexing => new()
    {
        { "  {%- if true -%}  x  {%- endif %}  y", "x  y" },
        { "a\n{%- for i in [1,2] %}\n  {{ i }}\n{%- endfor %}\nb\n", "a\n  1\n  2\nb" },
        { "{{- 'x' -}}  y  {{- 'z' }} ", "xyz " },
        { "a {#- comment -#} b {# another #} c", "ab  c" },
        { "{% raw %}{{ not }} {% a tag %}{% endraw %}|{%- raw -%}  x {{ y }}  {%- endraw -%}  |", "{{ not }} {% a tag %}|x {{ y }}|" },
        { "line\n\n", "line\n" },
        { "line\r\nnext\rlast\r\n", "line\nnext\nlast" },
        { "{{ 'a' 'b' \"c\" }} {{ 'esc: \\n\\t\\\\ \\' \\x41 \\u00e9 \\101' }} {{ '\\q' }}", "abc esc: \n\t\\ ' A é A \\q" },
        { "{{ {'a': {'b': 1}}['a']['b'] }}{{ {'x':1}.x }}{{ [[1,2],[3]][0][1] }} {{ nums.0 }}", "112 3" },
        { "{{ '}}' }} {{ '{%' }} {{ \"#}\" }}", "}} {% #}" },
        { "{%+ if true +%} x{% endif %} {%if true%}{{n}}{%endif%}", " x 7" },
        { "{{ true }} {{ True }} {{ none }} {{ None }} {{ false }}", "True True None None False" },
        { "{{ -n }} {{ +n }} {{ - 3|abs }} {{ -neg|abs }} {{ 2 - -2 }} {{ n-1 }} {{ 'a'~1~none }}", "-7 7 3 3 4 6 a1None" },
        { "{{ n is divisibleby 7 }} {{ n is not none }} {{ n is odd and true }} {{ title is string }} {{ nums is sequence }} {{ scores is mapping }} {{ n is in [7,8] }} {{ 3 is eq 3 }} {{ yes is boolean }} {{ ratio is float }} {{ 'abc' is lower }} {{ n is sameas 7 }} {{ nums is iterable }}", "True True True True True True True True True True True True True" },
    };

    public static TheoryData<string, string> PromptIdioms => new()
    {
        { "{{ ['No','Yes'][label] }} {{ {0:'a',1:'b'}[label] }} {{ words[label+1] }}", "Yes b fig" },
        { "{{ words[:-1]|join(', ') }} or {{ words[-1] }}", "pear, Apple, fig or apple" },
        { "{% for w in words %}{{ 'ABCD'[loop.index0] }}. {{ w }}\n{% endfor %}", "A. pear\nB. Apple\nC. fig\nD. apple\n" },
        { "{{ (ratio * 100)|round(1) }}% {{ (n/2)|round|int }} {{ '%0.1f'|format(n|float) }}", "250.0% 4 7.0" },
        { "{{ title.split(' ')[1:3]|join(' ') }} {{ title.split()|last|trim('.')|capitalize }}", "quick brown Fox" },
        { "{{ 'x' * 3 }} {{ [0] * 2 }} {{ (1,) * 2 }} {{ words + ['kiwi'] }} {{ [1,2,3].index(2) }} {{ words.count('fig') }}", "xxx [0, 0] (1, 1) ['pear', 'Apple', 'fig', 'apple', 'kiwi'] 1 1" },
        { "{% set opts = ['a','b'] %}{{ opts.pop() }} {{ opts.insert(0,'z') or '' }}{{ opts }} {{ opts.extend([1]) or '' }}{{ opts.reverse() or '' }}{{ opts }} {{ opts.remove('a') or opts }}", "b ['z', 'a'] [1, 'a', 'z'] [1, 'z']" },
        { "{{ words|map('lower')|unique|sort|join(' ') }} {{ rows|map(attribute='age')|select('>', 10)|list|length }}", "apple fig pear 2" },
    };
}
