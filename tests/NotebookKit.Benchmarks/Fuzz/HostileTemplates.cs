using System.Text;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>Templates that strangers might send: each must end in text or in a <see cref="TemplateException"/> that names a place, within its limits.</summary>
internal static class HostileTemplates
{
    private static readonly RenderLimits Small = new(Work: 20_000, OutputLength: 100_000);

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "+%}", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":", "=", "==", "!=", "<", "~", "**", "//", "/", "%", "*", "-", "+", "-1", "0", "1.5", "99999999999999999999",
        " if ", " else ", " elif ", " for ", " in ", " set ", "{% endfor %}", "{% endif %}", "{% endset %}", "{% raw %}", "{% endraw %}", "{% macro m(x) %}", "{% endmacro %}", "{% call m() %}", " is ", " not ", " and ", " or ", "none", "true", "false",
        "text", "words", "rows", "label", "n", "loop", "loop.index", "loop.previtem", "answer_choices", "namespace(a=1)", "range(", "zip(", "dict(", "|join", "|list", "|map('upper')", "|map(attribute='a')", "|sort", "|int", "|round", "|float",
        "|length", "|tojson", "|truncate(2)", "|batch(0)", "|slice(0)", "|wordwrap(0)", "|replace('a','b')", "|choice", "|random", "|most_frequent", "|unique", "|reject('equalto', 1)", "|default('', True)", "|format(1)", "|urlize", "|indent", "|pprint", "|xmlattr", "|groupby(0)",
        ".split()", ".format(", ".append(", ".pop(", ".update(", ".items()", ".__class__", ".join(", ".index(", "[::-1]", "[1:", "[-1]", "|||", "\n", "\r\n", "\t", "\0", "'\\ud800'", "'\\N{BULLET}'", "😀", "é", "1e999", "0x", "'%s' % ", "{{ m(m) }}",
    ];

    /// <summary>Templates in the idioms of the public prompts.</summary>
    private static readonly string[] Valid =
    [
        "{{ text }}\nIs it {{ answer_choices[0] }} or {{ answer_choices[1] }}? ||| {{ answer_choices[label] }}",
        "{% if label == 1 %}Yes{% elif n > 3 and not none_at_all %}{{ n * 2 + ratio }}{% else %}No{% endif %} ||| {{ words | join(', ') }}",
        "{% for row in rows %}{{ loop.index }}. {{ row.name | upper }}: {{ row['tags'] | length }}{{ ', ' if not loop.last }}{% endfor %}",
        "{% set parts = text.split(' ') %}{{ parts[1:] | join(' ') | replace('é', 'e') }} ||| {{ parts[0] }}",
        "{{ [\"a\", \"b\"] | choice }} {{ words | random }} {{ words | most_frequent | first }} {{ zip(words, [1, 2, 3]) | list }}",
        "{% macro m(x, y=2) %}{{ x }}-{{ y }}{% endmacro %}{{ m(n) }}{{ '%05.2f %s' % (ratio, text) }}{{ '{:>8}'.format(n) }}",
        "{%- set ns = namespace(total=0) -%}{% for w in words %}{% set ns.total = ns.total + w | length %}{% endfor %}{{ ns.total // 2 ** 2 }}",
        "{{ rows | map(attribute='name') | sort | tojson }}{{ text[::-1] | truncate(9) }}{{ {'a': 1, 'b': [none_at_all]} }}{# note #}{% raw %}{{ x }}{% endraw %}",
    ];

    /// <summary>Random bytes, pieces of the language, edits of templates, templates cut and joined, deep nesting.</summary>
    public static byte[] Make(Random random) => Encoding.UTF8.GetBytes(random.Next(100) switch
    {
        < 15 => Bytes(random),
        < 40 => Join(random, 25),
        < 75 => Edit(random, Valid),
        < 90 => Cut(random, Valid[random.Next(Valid.Length)], head: true) + Cut(random, Valid[random.Next(Valid.Length)], head: false),
        _ => Nest(random),
    });

    /// <summary>Parses and renders within the limits.</summary>
    public static void Render(string source) => PromptTemplate.Parse(source).Render(Example, ChoiceSource.First, Small);

    private static PromptExample Example { get; } = PromptExample.FromJson("""
        {"text": "naïve café — 😀 done", "n": 7, "label": 1, "ratio": 2.5, "none_at_all": null, "words": ["pear", "Apple", "fig"], "rows": [{"name": "Ann", "tags": ["a", "b"]}, {"name": "bob", "tags": []}], "answer_choices": ["no", "yes"]}
        """);

    private static string Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(120)];
        random.NextBytes(bytes);
        string text = Encoding.UTF8.GetString(bytes);
        // Half of them inside a tag, where they are read as the language.
        return random.Next(4) switch { 0 => "{{" + text + "}}", 1 => "{% " + text + " %}", _ => text };
    }

    private static string Join(Random random, int most)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "{{ " : "");
        for (int n = random.Next(1, most); n > 0; n--) text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    private static string Edit(Random random, string[] templates)
    {
        string template = templates[random.Next(templates.Length)];
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            int start = random.Next(template.Length + 1);
            int end = Math.Min(template.Length, start + random.Next(9));
            string inserted = random.Next(3) switch
            {
                0 => "",
                1 => Pieces[random.Next(Pieces.Length)],
                _ => ((char)random.Next(32, 127)).ToString(),
            };
            template = template[..start] + inserted + template[end..];
        }
        return template;
    }

    private static string Cut(Random random, string template, bool head)
    {
        int at = random.Next(template.Length + 1);
        return head ? template[..at] : template[at..];
    }

    private static string Nest(Random random)
    {
        (string Open, string Middle, string Close)[] nests =
        [
            ("{{ " + "(", "1", ")"), ("[", "1", "]"), ("{1:", "1", "}"), ("{% if 1 %}", "x", "{% endif %}"), ("{% for i in [1] %}", "x", "{% endfor %}"), ("not ", "1", ""), ("-", "1", ""), ("1 if 1 else ", "1", ""),
            ("1 + ", "1", ""), ("1 ** ", "1", ""), ("text", "", "|upper"), ("text", "", ".x"), ("rows", "", "[0]"), ("{% set a %}", "x", "{% endset %}"), ("{% filter upper %}", "x", "{% endfilter %}"), ("{% macro m() %}", "{{ m() }}", "{% endmacro %}"),
            ("{% for i in rows recursive %}", "{{ loop(rows) }}", "{% endfor %}"), ("{{ ", "1", " }}"), ("{# ", "x", " #}"), ("range(", "9", ")"), ("{% with a = 1 %}", "{{ a }}", "{% endwith %}"), ("1 < ", "1", ""), ("'a' ~ ", "1", ""), ("(1,", "1", ")"),
        ];
        var (open, middle, close) = nests[random.Next(nests.Length)];
        int depth = 1 << random.Next(1, 15);
        string opened = string.Concat(Enumerable.Repeat(open, depth));
        string closed = string.Concat(Enumerable.Repeat(close, random.Next(8) == 0 ? random.Next(depth) : depth));
        string text = opened + middle + closed;
        return open.StartsWith('{') ? text : "{{ " + text + " }}";
    }
}
