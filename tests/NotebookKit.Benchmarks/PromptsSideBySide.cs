using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotebookKit.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Benchmarks;

/// <summary>
/// The template engine beside Python's Jinja2 on the same templates and examples, each side in a process of its own on one core, in turns:
/// rendering with templates parsed before, and parsing with rendering. Both sides must render the same text.
/// </summary>
internal static class PromptsSideBySide
{
    private const string Usage = """
        prompts-side-by-side --input conformance.jsonl [--pairs 3] [--rounds 20] [--cpu 0] [--python /usr/bin/python3]
          JSON Lines with jinja, example and expected_choices; Python needs jinja2 (Debian: python3-jinja2).
        """;

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = new() { ["pairs"] = "3", ["rounds"] = "20", ["cpu"] = "0", ["python"] = "/usr/bin/python3", ["side"] = "" };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
        if (!options.TryGetValue("input", out string? input))
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }
        if (options["side"] == "engine") return Side(input, int.Parse(options["rounds"], CultureInfo.InvariantCulture), int.Parse(options["cpu"], CultureInfo.InvariantCulture));

        string script = Path.Combine(AppContext.BaseDirectory, "prompts_side_by_side.py");
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        List<(Measure Engine, Measure Jinja)> pairs = [];
        for (int pair = 0; pair < int.Parse(options["pairs"], CultureInfo.InvariantCulture); pair++)
        {
            pairs.Add((
                Start(Environment.ProcessPath!, [.. hosted ? [typeof(PromptsSideBySide).Assembly.Location] : Array.Empty<string>(), "prompts-side-by-side", "--side", "engine", "--input", input, "--rounds", options["rounds"], "--cpu", options["cpu"]]),
                Start(options["python"], [script, input, options["rounds"], options["cpu"]])));
            var (engine, jinja) = pairs[^1];
            if (engine.Checksum != jinja.Checksum) throw new InvalidOperationException("The two sides rendered different texts.");
            Console.WriteLine($"pair {pair + 1}: {engine.Name} {engine}; {jinja.Name} {jinja}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"median of pairs, {pairs[0].Engine.Renders} templates: rendering {Median(pairs.Select(p => p.Jinja.Rendering / p.Engine.Rendering)):0.0} times, parsing and rendering {Median(pairs.Select(p => p.Jinja.Both / p.Engine.Both)):0.0} times as fast as Jinja2"));
        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static Measure Start(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string[] figures = process.StandardOutput.ReadToEnd().Trim().Split(' ', 5);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed with exit code {process.ExitCode}.");
        return new(int.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture), double.Parse(figures[2], CultureInfo.InvariantCulture), figures[3], figures[4]);
    }

    /// <summary>The engine's side, in its own process; prints renders, the best round's seconds to render, and to parse and render.</summary>
    private static int Side(string input, int rounds, int cpu)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) Process.GetCurrentProcess().ProcessorAffinity = 1 << cpu;
        List<(string Source, PromptExample Example)> lines = [];
        foreach (string line in File.ReadLines(input))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var choices = root.GetProperty("expected_choices").Deserialize<string[]?>();
            lines.Add((root.GetProperty("jinja").GetString()!, PromptExample.FromJson(root.GetProperty("example")).With(Prompt.ChoicesVariable, choices)));
        }
        PromptTemplate[] templates = [.. lines.Select(line => PromptTemplate.Parse(line.Source))];
        var (rendering, outputs) = Measure(i => templates[i].Render(lines[i].Example, ChoiceSource.First));
        var (both, _) = Measure(i => PromptTemplate.Parse(lines[i].Source).Render(lines[i].Example, ChoiceSource.First));
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', outputs))));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines.Count} {rendering} {both} {checksum} the engine on .NET {Environment.Version}"));
        return 0;

        (double Best, string[] Outputs) Measure(Func<int, string> render)
        {
            string[] outputs = new string[lines.Count];
            double best = double.PositiveInfinity;
            // Compiled code replaces the first in steps, in the background and on the same core; many short rounds wait for it.
            for (int round = 0; round < 10 * rounds; round++)
            {
                long started = Stopwatch.GetTimestamp();
                for (int i = 0; i < outputs.Length; i++) outputs[i] = render(i);
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            return (best, outputs);
        }
    }

    private sealed record Measure(int Renders, double Rendering, double Both, string Checksum, string Name)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Renders / Rendering / 1000:0.0} thousand renders/s, {Renders / Both / 1000:0.0} with parsing");
    }
}
