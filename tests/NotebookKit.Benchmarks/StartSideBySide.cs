using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKit.Benchmarks;

/// <summary>
/// From the command <c>nbk run 00-start-here</c> to the end of its first code cell, which loads the kit, in this checkout and in that of any commit, as whole processes
/// and in turns. The cell of a copy of the notebook ends with a line that writes a file; the file's time is read.
/// </summary>
internal static class StartSideBySide
{
    private const string Copy = "00-start-here-timed.ipynb";

    public static int Run(string[] args)
    {
        if (args.Length is not (1 or 3))
        {
            Console.Error.WriteLine("start COMMIT [--turns 5]\n  Needs git and the .NET SDK.");
            return 1;
        }
        int turns = args is [_, "--turns", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        (string there, string commit) = Checkout.Of(args[0]);
        string here = Checkout.Here(), runner = Path.Combine("lib", "NotebookKit.Runner"), nbk = OperatingSystem.IsWindows() ? "nbk.exe" : "nbk";
        string now = Checkout.Build(here, runner, nbk), then = Checkout.Build(there, runner, nbk);
        // The first turn warms up.
        (double Then, double Now)[] pairs = [.. Enumerable.Range(0, turns + 1).Select(_ => (FirstCell(there, then), FirstCell(here, now))).Skip(1)];
        double Median(IEnumerable<double> values) => values.Order().ElementAt(turns / 2);
        double[] ratios = [.. pairs.Select(p => p.Then / p.Now)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"first cell, {turns} pairs: {commit} {Median(pairs.Select(p => p.Then)):0.00} s, now {Median(pairs.Select(p => p.Now)):0.00} s ({pairs.Min(p => p.Now):0.00} to {pairs.Max(p => p.Now):0.00}), {Median(ratios):0.00} times as fast ({ratios.Min():0.00} to {ratios.Max():0.00})"));
        return 0;
    }

    private static double FirstCell(string checkout, string command)
    {
        string notebooks = Path.Combine(checkout, "notebooks"), copy = Path.Combine(notebooks, Copy), mark = Path.GetTempFileName(), pages = mark + ".pages";
        try
        {
            JsonNode notebook = JsonNode.Parse(File.ReadAllText(Path.Combine(notebooks, "00-start-here.ipynb")))!;
            JsonNode cell = notebook["cells"]!.AsArray().First(c => (string?)c!["cell_type"] == "code")!;
            cell["source"] = $"{string.Concat(cell["source"]!.AsArray())}\nSystem.IO.File.WriteAllText({JsonSerializer.Serialize(mark)}, \"loaded\");";
            File.WriteAllText(copy, notebook.ToJsonString());
            DateTime begun = DateTime.UtcNow;
            Checkout.Output(checkout, command, "run", copy, "--out", pages);
            return File.ReadAllText(mark) == "loaded" ? (File.GetLastWriteTimeUtc(mark) - begun).TotalSeconds : throw new InvalidOperationException($"The first cell of {copy} did not come to its end.");
        }
        finally
        {
            File.Delete(copy);
            File.Delete(mark);
            if (Directory.Exists(pages)) Directory.Delete(pages, recursive: true);
        }
    }
}
