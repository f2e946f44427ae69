using System.Text.Json.Nodes;
using NotebookKit.Display;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

/// <summary>A small executed notebook with every kind of cell and output that a page must show.</summary>
internal static class SampleNotebook
{
    internal static SitePage Write(string folder, string name = "01-sample", string outcome = "passed", bool asText = false)
    {
        var path = Path.Combine([folder, .. (name + ".ipynb").Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Json(asText).ToJsonString(new() { WriteIndented = true, IndentSize = 1 }) + "\n");
        return new SitePage(path, folder, "Sample", "smoke", 93.4, "cpu, 2 cores", "0123456789abcdef", new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), outcome);
    }

    internal static IReadOnlyList<Figure> Figures { get; } =
    [
        Draw.Curves(
            Curve.Over(
                from masker in new[] { "random token", "whole word", "random span", "naive PMI", "PMI" }
                from seed in Enumerable.Range(0, 3)
                from step in Enumerable.Range(1, 20)
                let slope = 0.3 + (0.05 * masker.Length % 0.3)
                select (Masker: masker, Step: step * 100, Loss: 6.5 - (slope * Math.Log(step * 10)) + (0.12 * Math.Sin((seed * 7) + step + masker.Length))),
                r => r.Masker,
                r => r.Step,
                r => r.Loss),
            x: "training step",
            y: "validation loss (nats per masked token)",
            caption: "Validation loss on one common mask, for the same model under five maskers. The band is one standard deviation over three seeds.").WithLevel(5.9, "unigram model"),
        Draw.Bars(
            Bar.Over(
                from task in new[] { "namespace", "member kind", "return type" }
                from masker in new[] { "random token", "whole word", "PMI" }
                from seed in Enumerable.Range(0, 3)
                select (Task: task, Masker: masker, Accuracy: 0.55 + (0.03 * masker.Length % 0.2) + (0.02 * Math.Cos(seed + task.Length))),
                r => r.Task,
                r => r.Masker,
                r => r.Accuracy),
            y: "accuracy",
            caption: "Probe accuracy after pre-training. Error bars: one standard deviation over three seeds.").WithLevel(0.33, "chance"),
        Draw.Boxes(
            from task in new[] { "RTE", "CB", "WSC", "COPA" }
            from prompt in Enumerable.Range(1, 9)
            select new Sample(task, 0.5 + (0.08 * Math.Sin(prompt * task.Length)) + (0.01 * prompt), $"prompt {prompt}"),
            y: "accuracy",
            caption: "Every point is a prompt; the box spans the quartiles of the task's prompts."),
        Draw.Histograms(
            from masker in new[] { "whole word", "PMI" }
            from i in Enumerable.Range(0, 200)
            select new Sample(masker, 1 + (i * (masker.Length + 3) % 7 * (i % 3) / 4)),
            binWidth: 1,
            x: "word pieces in a unit",
            caption: "Unit lengths at equal budget."),
        Draw.Points(
            from editor in new[] { "fine-tuning", "MEND" }
            from fact in Enumerable.Range(0, 8)
            select new Point(editor, fact * 0.1 * editor.Length / 10, Math.Exp(-fact / 3.0) + (editor.Length / 40.0), 0.03, 0.05, $"fact {fact}"),
            x: "drawdown (points)",
            y: "edit success",
            caption: "Success against drawdown, one point an edit."),
    ];

    private static JsonObject Json(bool asText)
    {
        var table = new[]
        {
            new { Masker = "random token", Loss = 4.1234, Sd = 0.02, Steps = 12000 },
            new { Masker = "whole word", Loss = 3.9876, Sd = 0.03, Steps = 12000 },
            new { Masker = "PMI <5-gram>", Loss = 3.8, Sd = 0.01, Steps = 12000 },
        }.ToFrame().AsTable("Loss at the last step: mean ± standard deviation of three seeds; lower is better.").WithDecimals(2).WithDeviation("Loss", "Sd").Lowest("Loss");
        var text = new ColoredText(
            "The same sentence under three maskers; masked units are filled.",
            ("random token", [.. "To approximate the matrix, we use the ".Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => new ColoredSpan(w + " ")), new("eigen", 0, SpanMark.Masked), "vector corresponding to its ", new("larg", 0, SpanMark.Masked), "est eigenvalue."]),
            ("whole word", ["To ", new("approximate", 1, SpanMark.Masked), " the matrix, we use the ", new("eigenvector", 1, SpanMark.Masked), " corresponding to its largest eigenvalue."]),
            ("PMI", ["To approximate the matrix, we use the ", new("eigenvector corresponding to", 2, SpanMark.Masked, "PMI 7.2", "PMI 7.2, the 312th of the vocabulary"), " its ", new("largest eigenvalue", 3, Label: "PMI 6.9"), "."]));
        return new JsonObject
        {
            ["cells"] = new JsonArray(
                As("slide", Markdown("# A sample: PMI & friends\n\nA **small** notebook with every kind of output. See [the other one](02-other.ipynb#details) or [the paper](https://arxiv.org/abs/2010.01825).\n\nInline: $\\mathrm{PMI}_n(w) = \\min_{\\sigma} \\log \\frac{p(w)}{\\prod_{s \\in \\sigma} p(s)}$, and $\\unknowncommand{x}$.")),
                Code("#!import kit.csx"),
                Code("// parameters\nvar preset = \"smoke\";", tags: ["parameters"]),
                As("slide", Markdown("## What is measured\n\n$$\\tilde u_\\ell = \\sigma\\left(s_\\ell \\odot (U_1 V_1 u_\\ell + b) + o\\right)$$\n\n| masker | gives away |\n|---|---:|\n| random token | 0.31 |\n| PMI | 0.12 |\n\n> The quoted claim of a paper.\n\n```csharp\nvar units = vocabulary.Segment(words);\n```\n\n- one `code`\n- two")),
                As("fragment", Code("/// <summary>A comment.</summary>\npublic record Unit(int Start, int Length);\nforeach (var masker in maskers)\n    Console.WriteLine($\"{masker.Name}: {masker.Leak:F2}\"); // 'leak' < 0.5\n42", Stream("stdout", "random token: 0.31\n\u001b[32mPMI\u001b[0m: 0.12\nloading 10%\rloading 100%\n"), Stream("stderr", "warning: something to know\n"), Display(("text/plain", "42")))),
                As("slide", Markdown("### The same name\n\nText.")),
                As("notes", Markdown("Say *slowly* what the band is.")),
                Code("Draw.Curves(curves, x: \"training step\", y: \"validation loss\", caption)", Figure(Figures[0], asText)),
                As("subslide", Code("table", Display(("text/html", table.ToHtml()), ("text/plain", table.ToString())))),
                Code("text", Display(("text/html", text.ToHtml()), ("text/plain", text.ToString()))),
                As("slide", Markdown("### The same name")),
                Code("more", Figure(Figures[1], asText), Figure(Figures[2], asText), Figure(Figures[3], asText), Figure(Figures[4], asText)),
                Code("tensor", Display(("text/html", TensorHtml()), ("text/plain", "float32[4, 8] on cpu"))),
                As("skip", Code("Broken();", new JsonObject { ["output_type"] = "error", ["ename"] = "System.InvalidOperationException", ["evalue"] = "There is no <corpus> here.", ["traceback"] = new JsonArray("at Submission#3", "at line 2") })),
                Code("picture", Display(("image/png", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), ("text/plain", "one green point")))),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = ".NET (C#)", ["language"] = "C#" },
                ["language_info"] = new JsonObject { ["name"] = "C#" },
                ["notebookkit"] = new JsonObject { ["paper"] = "Levine et al., PMI-Masking, ICLR 2021", ["gist"] = "Mask what belongs together, and a model learns more from the same text." },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
    }

    private static string TensorHtml()
    {
        using var tensor = TorchSharp.torch.arange(32, dtype: TorchSharp.torch.float32).reshape(4, 8);
        return tensor.AsSummary().ToHtml();
    }

    private static int cells;

    private static JsonObject Markdown(string source) => new() { ["cell_type"] = "markdown", ["id"] = $"m{cells++}", ["metadata"] = new JsonObject(), ["source"] = Lines(source) };

    private static JsonObject Code(string source, params JsonObject[] outputs) => Code(source, [], outputs);

    private static JsonObject Code(string source, string[] tags, params JsonObject[] outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = 1,
        ["id"] = $"c{cells++}",
        ["metadata"] = tags.Length == 0 ? [] : new JsonObject { ["tags"] = new JsonArray([.. tags.Select(t => (JsonNode)t)]) },
        ["outputs"] = new JsonArray([.. outputs]),
        ["source"] = Lines(source),
    };

    private static JsonObject As(string slide, JsonObject cell)
    {
        cell["metadata"]!["slideshow"] = new JsonObject { ["slide_type"] = slide };
        return cell;
    }

    private static JsonObject Stream(string name, string text) => new() { ["output_type"] = "stream", ["name"] = name, ["text"] = Lines(text) };

    private static JsonObject Display(params (string Mime, string Text)[] data)
    {
        var bundle = new JsonObject();
        foreach (var (mime, text) in data)
        {
            bundle[mime] = mime.StartsWith("text/", StringComparison.Ordinal) ? Lines(text) : text;
        }

        return new() { ["output_type"] = "display_data", ["data"] = bundle, ["metadata"] = new JsonObject() };
    }

    // Some hosts leave JSON in the bundle as an object, some as text.
    private static JsonObject Figure(Figure figure, bool asText)
    {
        var output = Display(("text/plain", figure.ToString()));
        output["data"]!["application/vnd.plotly.v1+json"] = asText ? figure.ToPlotly().ToJsonString() : figure.ToPlotly();
        return output;
    }

    private static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Select((line, i) => i < lines.Length - 1 ? line + "\n" : line).Where(line => line.Length > 0)];
    }
}
