using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text;
using NotebookKit.Runner.Check;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk check</c>: executes notebooks at preset smoke and compares them with what is committed.</summary>
internal static class CheckCommand
{
    private const string Preset = "smoke";

    public static Command Create()
    {
        var names = new Argument<string[]>("notebooks") { Description = "Names, starts of names or paths; none means every notebook.", Arity = ArgumentArity.ZeroOrMore };
        var accept = new Option<bool>("--accept") { Description = "Make this run the reference of later checks (data/smoke), and say what changed." };
        var executed = new Option<string?>("--executed") { Description = "Execute nothing: check the copies that 'nbk run' left in this folder." };
        var jobs = new Option<int>("--jobs", "-j") { Description = "Notebooks that run side by side.", DefaultValueFactory = _ => 1 };
        jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--jobs takes a number from 1.");
        });
        var command = new Command("check", "Execute notebooks at preset smoke and compare outputs and metrics with what is committed; exit code 1 when they differ.") { names, accept, executed, jobs };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var repository = Repository.Find();
            var files = NotebookFile.Select(repository.Notebooks, parsed.GetValue(names) ?? []);
            string folder = Path.GetFullPath(parsed.GetValue(executed) ?? Path.Combine(repository.Root, "artifacts", "check"));
            var outcomes = parsed.GetValue(executed) is null
                ? await RunAsync(files, folder, parsed.GetValue(jobs), stop)
                : [.. files.Select(_ => (NotebookOutcome?)null)];
            if (parsed.GetValue(accept))
                return await AcceptAsync(repository, files, outcomes, folder);
            var results = files.Zip(outcomes, (file, outcome) => Check(repository, file, outcome, folder)).ToList();
            string report = Report(results);
            Console.Write(report);
            AtomicFile.Write(Path.Combine(folder, "report.txt"), report);
            return results.All(result => result.Differences.Count == 0) ? 0 : 1;
        }));
        return command;
    }

    private static async Task<IReadOnlyList<NotebookOutcome?>> RunAsync(IReadOnlyList<NotebookFile> files, string folder, int jobs, CancellationToken stop) =>
        await RunCommand.ObservedAsync(files, new SuiteOptions
        {
            SiteFolder = folder,
            Preset = Preset,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
            Jobs = jobs,
        }, stop);

    private static CheckResult Check(Repository repository, NotebookFile file, NotebookOutcome? outcome, string folder)
    {
        if (outcome?.Problem is { } problem)
            return new(file.Name, 0, [new("", "the short run did not come to its end", "a run", problem, $"Mend the cell, or run it alone: 'nbk run {file.Name}'.")]);
        string path = SmokeReference.PathOf(repository, file.Name);
        string copy = SuiteRun.ExecutedPath(folder, file.Name);
        if (!File.Exists(copy))
            return new(file.Name, 0, [new("", $"there is no executed copy {copy}", "", "", $"Execute it: 'nbk run {file.Name}'.")]);
        var run = outcome?.Notebook ?? NotebookReader.Read(copy);
        if (ParameterInjection.PresetOf(run) is { Length: > 0 } preset && preset != Preset)
            return new(file.Name, 0, [new("", $"the executed copy {copy} is of another preset", Preset, preset, $"Execute it at preset {Preset}: 'nbk run {file.Name}'.")]);
        var committed = NotebookReader.Read(file.Path);
        var result = NotebookCheck.Compare(file, committed, run, File.Exists(path) ? SmokeReference.Read(path) : null);
        string claims = ClaimTable.PathOf(Path.Combine(repository.Root, "data", "results"), file.Name);
        var form = FormRules.Of(committed).ToList();
        // A notebook that has its table of claims is in the form that the rules describe, and is held to it; others are only told.
        return File.Exists(claims)
            ? result with
            {
                Differences = [.. result.Differences, .. form.Where(d => !d.IsAdvice).Select(d => d.Difference), .. ClaimRules.Of(file, ClaimTable.Read(claims), claims, committed, run)],
                Warnings = [.. form.Where(d => d.IsAdvice).Select(d => d.Difference)],
            }
            : result with { Warnings = [.. form.Select(d => d.Difference)] };
    }

    private static async Task<int> AcceptAsync(Repository repository, IReadOnlyList<NotebookFile> files, IReadOnlyList<NotebookOutcome?> outcomes, string folder)
    {
        string commit = await Machine.CommitAsync(repository.Root);
        string made = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}{(commit.Length > 0 ? $", commit {commit}" : "")}, {Machine.Describe()}");
        foreach (var (file, outcome) in files.Zip(outcomes))
        {
            if (outcome?.Problem is { } problem)
            {
                await Console.Error.WriteLineAsync($"{file.Name} is not accepted, because its run did not come to its end. {problem}");
                continue;
            }
            string path = SmokeReference.PathOf(repository, file.Name);
            var earlier = File.Exists(path) ? SmokeReference.Read(path) : null;
            var run = NotebookCheck.Facts(outcome?.Notebook ?? NotebookReader.Read(SuiteRun.ExecutedPath(folder, file.Name)));
            var committed = NotebookReader.Read(file.Path);
            var longer = ParameterInjection.PresetOf(committed) == Preset ? new Dictionary<string, CellFacts>() : NotebookCheck.Facts(committed);
            var reference = SmokeReference.Accept(made, run, longer, earlier);
            reference.Write(path);
            var metrics = reference.Cells.Values.SelectMany(cell => cell).ToList();
            Console.WriteLine($"{file.Name}: {metrics.Count} metrics accepted, {metrics.Count(m => m.Tolerance is null)} of them as the committed notebook shows them; {path}");
            foreach (var metric in metrics.Where(m => m.Tolerance is { } t && earlier?.ValueOf(m) is { } before && Math.Abs(before - m.Value) > t))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  changed: '{metric.Name}' of '{metric.Of}': {earlier!.ValueOf(metric)} → {metric.Value}"));
        }
        return outcomes.All(outcome => outcome is null or { Succeeded: true }) ? 0 : 1;
    }

    /// <summary>For a person: a line a notebook, and below it what differs, where, and what to do.</summary>
    internal static string Report(IReadOnlyList<CheckResult> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.Notebook}: {(result.Differences.Count == 0 ? "as committed" : result.Differences.Count == 1 ? "1 difference" : $"{result.Differences.Count} differences")}, {result.Metrics} metrics compared\n");
            Write(text, result.Differences, "");
            Write(text, result.Warnings, "to look at: ");
        }
        int red = results.Count(result => result.Differences.Count > 0);
        return text.Append(red == 0 ? "All as committed.\n" : $"{red} of {results.Count} notebooks differ.\n").ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<Difference> differences, string prefix)
    {
        foreach (var place in differences.GroupBy(d => (d.Place, d.Cure)))
        {
            if (place.Key.Place.Length > 0)
                text.Append("  ").Append(place.Key.Place).Append('\n');
            foreach (var difference in place)
            {
                text.Append("    ").Append(prefix).Append(difference.What).Append('\n');
                if (difference.Committed.Length > 0)
                    text.Append("      committed: ").Append(difference.Committed).Append('\n');
                if (difference.Now.Length > 0)
                    text.Append("      now:       ").Append(difference.Now).Append('\n');
            }
            text.Append("    → ").Append(place.Key.Cure).Append('\n');
        }
    }
}
