using System.Diagnostics;
using System.Globalization;
using NotebookKit.Interactive;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NotebookKit.Runner.Execution;

/// <summary>Draws a run in the terminal: one row a notebook with its cell, its time and its latest progress report, redrawn in place.</summary>
internal sealed class LiveObserver : IRunObserver
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows;

    public LiveObserver(IEnumerable<string> notebooks) => _rows = [.. notebooks.Select(name => new Row(name))];

    /// <summary>Redraws while <paramref name="work"/> runs, and leaves nothing behind: the caller tells the outcome.</summary>
    public async Task<T> DrawAsync<T>(IAnsiConsole console, Func<Task<T>> work)
    {
        T? result = default;
        await console.Live(Table()).AutoClear(true).StartAsync(async live =>
        {
            var task = work();
            while (await Task.WhenAny(task, Task.Delay(200)) != task)
                live.UpdateTarget(Table());
            result = await task;
        });
        return result!;
    }

    public void Started(string notebook, int codeCells) => Change(notebook, row => (row.Cells, row.Start) = (codeCells, Stopwatch.GetTimestamp()));

    public void CellStarted(string notebook, int number) => Change(notebook, row => (row.Cell, row.Latest) = (number, ""));

    public void Progress(string notebook, ProgressReport report) => Change(notebook, row => row.Latest = ProgressText.Of(report));

    public void Ended(NotebookOutcome outcome) => Change(outcome.Name, row => (row.Outcome, row.Latest) = (outcome, ""));

    private void Change(string notebook, Action<Row> change)
    {
        lock (_gate)
            change(_rows.First(row => row.Name == notebook));
    }

    private IRenderable Table()
    {
        lock (_gate)
        {
            var table = new Table().Border(TableBorder.None).HideHeaders();
            table.AddColumns(new TableColumn(""), new TableColumn("").RightAligned(), new TableColumn("").RightAligned(), new TableColumn(""));
            foreach (var row in _rows)
                table.AddRow(new Text(row.Name), new Text(row.Position), new Text(row.Time), row.State);
            return table;
        }
    }

    private sealed class Row(string name)
    {
        public string Name => name;

        public int Cells { get; set; }

        public int Cell { get; set; }

        public long Start { get; set; }

        public string Latest { get; set; } = "";

        public NotebookOutcome? Outcome { get; set; }

        public string Position => Cells == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"cell {Cell} of {Cells}");

        public string Time => Start == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{(Outcome?.Time ?? Stopwatch.GetElapsedTime(Start)).TotalSeconds:0} s");

        public IRenderable State => Outcome switch
        {
            { Succeeded: true } => new Markup("[green]passed[/]"),
            { } ended => new Markup($"[red]{ended.Word}[/]"),
            null => new Text(Start == 0 ? "waiting" : Latest.Length > 0 ? Latest : "running"),
        };
    }
}
