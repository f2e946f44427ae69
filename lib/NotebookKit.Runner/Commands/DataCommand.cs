using System.CommandLine;
using System.Globalization;
using NotebookKit.Interactive;
using NotebookKit.Runner.Execution;
using NotebookKit.Studies.Datasets;
using Spectre.Console;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk data</c>: the public data sets of <c>data/datasets.json</c>; what there is, bringing them, verifying them.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var catalogue = new Option<string?>("--catalogue") { Description = "The list of data sets (data/datasets.json).", Recursive = true };
        var cache = new Option<string?>("--cache") { Description = "The folder for what is brought (data/cache/datasets).", Recursive = true };
        return new Command("data", $"List, bring and verify public data sets. Folders named by {DatasetStore.FoldersVariable} are looked in first.")
        {
            List(Open), Get(Open), Verify(Open), catalogue, cache,
        };

        DatasetStore Open(ParseResult parsed)
        {
            var given = (Catalogue: parsed.GetValue(catalogue), Cache: parsed.GetValue(cache));
            string data = given is { Catalogue: not null, Cache: not null } ? "" : Path.Combine(Repository.Find().Root, "data");
            var folders = DatasetStore.Folders(Environment.GetEnvironmentVariable(DatasetStore.FoldersVariable));
            return new(DatasetCatalogue.Read(given.Catalogue ?? Path.Combine(data, "datasets.json")), given.Cache ?? Path.Combine(data, "cache", "datasets"), folders);
        }
    }

    private static Command List(Func<ParseResult, DatasetStore> open)
    {
        var names = Names("Data sets to tell everything about; none for a table of all.");
        var command = new Command("list", "What there is, and what of it is on this machine.") { names };
        command.SetAction(parsed => Guard.Run(() =>
        {
            var store = open(parsed);
            var console = Console(parsed);
            if (parsed.GetValue(names) is { Length: > 0 } chosen)
            {
                foreach (string? name in chosen) Tell(console, store, store.Catalogue[name]);
                return 0;
            }
            var table = new Table().Border(TableBorder.Simple).AddColumns("data set", "group", "role", "parts").AddColumn(new TableColumn("KB").RightAligned()).AddColumn("here");
            foreach (var set in store.Catalogue.Files.GroupBy(f => f.Dataset))
            {
                int here = set.Count(f => store.Check(f).State == DatasetState.Present);
                string parts = set.Count() > 3 ? $"{set.Count()} files" : string.Join(", ", set.Select(f => $"{f.Split} {f.Rows:N0}"));
                table.AddRow(new Text(set.Key), new Text(set.First().Group), new Text(set.First().Role), new Text(parts), new Text($"{set.Sum(f => f.Bytes) / 1000:N0}"), new Text(here == set.Count() ? "yes" : here == 0 ? "no" : $"{here} of {set.Count()}"));
            }
            console.Write(table);
            console.WriteLine($"Brought files lie in {store.Cache}. Licences differ: see 'nbk data list NAME' before you use one.");
            return 0;
        }, error: parsed.InvocationConfiguration.Error));
        return command;
    }

    private static Command Get(Func<ParseResult, DatasetStore> open)
    {
        var names = Names("Data sets to bring.");
        var role = new Option<string?>("--role") { Description = "All sets of a role." };
        role.AcceptOnlyFromAmong("train", "hold out", "edit", "text", "templates");
        var all = new Option<bool>("--all") { Description = "Every set." };
        var command = new Command("get", "Bring data sets into the cache: download, transform, verify.") { names, role, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(names) is not { Length: > 0 } && result.GetValue(role) is null && !result.GetValue(all)) result.AddError("Name data sets, or a --role, or --all; 'nbk data list' shows what there is.");
        });
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var store = open(parsed);
            var files = store.Catalogue.Files.Where(f => parsed.GetValue(all) || f.Role == parsed.GetValue(role))
                .Concat((parsed.GetValue(names) ?? []).SelectMany(name => store.Catalogue[name]))
                .Distinct().ToList();
            int here = await ObservedAsync(parsed, progress => GetAllAsync(store, files, progress, parsed.InvocationConfiguration.Error, stop));
            foreach (string? caution in files.Where(f => f.Caution.Length > 0).Select(f => $"{f.Dataset}: {f.Caution}").Distinct()) await parsed.InvocationConfiguration.Output.WriteLineAsync(caution);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{here} of {files.Count} files are here; what was brought lies in {store.Cache}.");
            return here == files.Count ? 0 : 1;
        }, error: parsed.InvocationConfiguration.Error));
        return command;
    }

    private static Command Verify(Func<ParseResult, DatasetStore> open)
    {
        var names = Names("Data sets that must be here; none to verify whatever is.");
        var command = new Command("verify", "Compare what is here with the catalogue's checksums.") { names };
        command.SetAction(parsed => Guard.Run(() =>
        {
            var store = open(parsed);
            string[] chosen = parsed.GetValue(names) ?? [];
            var files = chosen.Length > 0 ? chosen.SelectMany(name => store.Catalogue[name]).ToList() : store.Catalogue.Files;
            var found = files.Select(store.Check).ToList();
            foreach (var status in found.Where(s => s.State == DatasetState.Damaged)) parsed.InvocationConfiguration.Error.WriteLine($"{status.Path} is damaged; bring it again: nbk data get {status.File.Dataset}");
            if (chosen.Length > 0)
                foreach (var status in found.Where(s => s.State == DatasetState.Missing)) parsed.InvocationConfiguration.Error.WriteLine($"{status.File.Path} is missing; bring it: nbk data get {status.File.Dataset}");
            int Count(DatasetState state) => found.Count(s => s.State == state);
            parsed.InvocationConfiguration.Output.WriteLine($"{Count(DatasetState.Present)} sound, {Count(DatasetState.Damaged)} damaged, {Count(DatasetState.Missing)} missing of {found.Count} files.");
            return Count(DatasetState.Damaged) > 0 || (chosen.Length > 0 && Count(DatasetState.Missing) > 0) ? 1 : 0;
        }, error: parsed.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>Brings one file after the other; what cannot be had is told, and the others are still brought unless the server is out of reach.</summary>
    private static async Task<int> GetAllAsync(DatasetStore store, IReadOnlyList<DatasetFile> files, IProgress<ProgressReport> progress, TextWriter errors, CancellationToken stop)
    {
        using var download = new DatasetDownload();
        int here = 0;
        bool unreachable = false;
        foreach (var file in files)
        {
            // Without the server there may still be a copy at hand.
            if (unreachable && store.Check(file).State != DatasetState.Present) continue;
            try
            {
                await store.GetAsync(file, download, progress, stop);
                here++;
            }
            catch (DatasetException error)
            {
                unreachable |= error.Unreachable;
                await errors.WriteLineAsync(error.Message);
            }
        }
        return here;
    }

    /// <summary>Shows progress in place where a person watches, and otherwise a line for each file.</summary>
    private static async Task<int> ObservedAsync(ParseResult parsed, Func<IProgress<ProgressReport>, Task<int>> work)
    {
        var console = Console(parsed);
        if (console.Profile.Capabilities.Interactive)
            return await console.Status().StartAsync("looking what is here", status => work(new Latest(report => status.Status(Markup.Escape(ProgressText.Of(report))))));
        return await work(new Latest(report =>
        {
            if (report.Total > 0 && report.Done == report.Total) parsed.InvocationConfiguration.Output.WriteLine(ProgressText.Of(report));
        }));
    }

    private static void Tell(IAnsiConsole console, DatasetStore store, IReadOnlyList<DatasetFile> files)
    {
        console.WriteLine(files[0].Dataset);
        console.WriteLine($"  {files[0].Group}, {files[0].Role}{(files[0].T0.Length > 0 ? $", in T0: {files[0].T0}" : "")}{(files[0].Templates.Length > 0 ? $", templates: {files[0].Templates}" : "")}");
        console.WriteLine($"  licence: {files[0].Licence}");
        if (files[0].Caution.Length > 0) console.WriteLine($"  caution: {files[0].Caution}");
        foreach (var file in files)
        {
            var status = store.Check(file);
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {file.Path}: {file.Rows:N0} rows, {file.Bytes:N0} bytes, {status.State.ToString().ToLowerInvariant()}{(status.Path.Length > 0 ? $" ({status.Path})" : "")}"));
            foreach (var source in file.Sources) console.WriteLine($"    made by '{file.Transformation}' from {source.Url}");
        }
    }

    private static Argument<string[]> Names(string description) => new("name") { Description = description, Arity = ArgumentArity.ZeroOrMore };

    private static IAnsiConsole Console(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        // A file or a pipe gets every column in full.
        if (output != System.Console.Out || System.Console.IsOutputRedirected) console.Profile.Width = 400;
        return console;
    }

    /// <summary>Hands each report on at once; the order matters here, which the runtime's own class does not keep.</summary>
    private sealed class Latest(Action<ProgressReport> tell) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => tell(value);
    }
}
