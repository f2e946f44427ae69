using System.Diagnostics;
using System.Globalization;
using System.Text;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Benchmarks;

/// <summary>
/// Hostile templates by the million: each must end in text or in a <see cref="TemplateException"/> that names a place, within its limits.
/// A crash ends the process without a table; any other failure is counted and its first inputs are printed.
/// </summary>
internal static class PromptsFuzz
{
    private const string Usage = """
        prompts-fuzz --templates FOLDER [--count 1000000] [--seed 1] [--slow 1.0]
          FOLDER holds templates.yaml files, to be edited at random. --slow: seconds after which an input counts as a hang.
        """;

    private static readonly RenderLimits Small = new(Work: 20_000, OutputLength: 100_000);

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "+%}", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":", "=", "==", "!=", "<", "~", "**", "//", "/", "%", "*", "-", "+", "-1", "0", "1.5", "99999999999999999999",
        " if ", " else ", " elif ", " for ", " in ", " set ", "{% endfor %}", "{% endif %}", "{% endset %}", "{% raw %}", "{% endraw %}", "{% macro m(x) %}", "{% endmacro %}", "{% call m() %}", " is ", " not ", " and ", " or ", "none", "true", "false",
        "text", "words", "rows", "label", "n", "loop", "loop.index", "loop.previtem", "answer_choices", "namespace(a=1)", "range(", "zip(", "dict(", "|join", "|list", "|map('upper')", "|map(attribute='a')", "|sort", "|int", "|round", "|float",
        "|length", "|tojson", "|truncate(2)", "|batch(0)", "|slice(0)", "|wordwrap(0)", "|replace('a','b')", "|choice", "|random", "|most_frequent", "|unique", "|reject('equalto', 1)", "|default('', True)", "|format(1)", "|urlize", "|indent", "|pprint", "|xmlattr", "|groupby(0)",
        ".split()", ".format(", ".append(", ".pop(", ".update(", ".items()", ".__class__", ".join(", ".index(", "[::-1]", "[1:", "[-1]", "|||", "\n", "\r\n", "\t", "\0", "\uD800", "😀", "é", "1e999", "0x", "'%s' % ", "{{ m(m) }}",
    ];

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = new() { ["count"] = "1000000", ["seed"] = "1", ["slow"] = "1.0" };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
        if (!options.TryGetValue("templates", out string? folder))
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }
        string[] templates = [.. PromptLibrary.Open(folder).Find(new PromptFilter()).SelectMany(p => new[] { p.Prompt.Jinja, p.Prompt.AnswerChoices }).OfType<string>().Distinct()];
        int count = int.Parse(options["count"], CultureInfo.InvariantCulture);
        int seed = int.Parse(options["seed"], CultureInfo.InvariantCulture);
        double slow = double.Parse(options["slow"], CultureInfo.InvariantCulture);
        (string Name, int Percent, Func<Random, string> Make)[] kinds =
        [
            ("random bytes", 15, Bytes),
            ("random pieces of the language", 25, random => Join(random, 25)),
            ($"random edits of {templates.Length:N0} templates", 35, random => Edit(random, templates)),
            ("two templates cut and joined", 15, random => Cut(random, templates[random.Next(templates.Length)], head: true) + Cut(random, templates[random.Next(templates.Length)], head: false)),
            ("deep nesting", 10, Nest),
        ];
        Console.WriteLine("| input | tried | rendered | template errors | limits | other exceptions | hangs | slowest |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        int bad = 0;
        foreach (var (name, percent, make) in kinds)
        {
            var random = new Random(seed);
            var (tried, rendered, errors, limits, other, hangs, slowest) = (count * percent / 100, 0, 0, 0, 0, 0, 0.0);
            for (int i = 0; i < tried; i++)
            {
                string source = make(random);
                long started = Stopwatch.GetTimestamp();
                try
                {
                    _ = PromptTemplate.Parse(source).Render(Example, ChoiceSource.First, Small);
                    rendered++;
                }
                catch (TemplateException e) when (e is { Line: >= 1, Column: >= 1 })
                {
                    if (e.Kind == TemplateErrorKind.Limit) limits++;
                    else errors++;
                }
                catch (Exception e)
                {
                    if (other++ < 3) Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}\n{System.Text.Json.JsonSerializer.Serialize(source)}");
                }
                double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                slowest = Math.Max(slowest, seconds);
                if (seconds > slow && hangs++ < 3) Console.Error.WriteLine($"{seconds:0.0} s: {System.Text.Json.JsonSerializer.Serialize(source)}");
            }
            bad += other + hangs;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {tried:N0} | {rendered:N0} | {errors:N0} | {limits:N0} | {other:N0} | {hangs:N0} | {1000 * slowest:0} ms |"));
        }
        return bad == 0 ? 0 : 1;
    }

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
