using System.Diagnostics;
using System.Globalization;

namespace NotebookKit.Benchmarks;

/// <summary>
/// This checkout's library beside that of any commit, in turns: the commit is checked out into a folder of its own, the workloads of
/// tests/NotebookKit.Steps as they are now are built there and here, and two processes make steps one after the other, never at once.
/// </summary>
internal static class Against
{
    private const string Usage = """
        against COMMIT [--workloads bert-2x128,t5-64,facts-96,mend-96,bert-4x256,bert-6x384] [--threads 2] [--turns 5] [--steps 10]
          Needs git and the .NET SDK. The commit stays in the temporary folder, so that a second call builds nothing.
        """;

    public static int Run(string[] args)
    {
        if (args.Length % 2 == 0) return Fail(Usage);
        Dictionary<string, string> options = new() { ["workloads"] = "bert-2x128,t5-64,facts-96,mend-96,bert-4x256,bert-6x384", ["threads"] = "2", ["turns"] = "5", ["steps"] = "10" };
        for (int i = 1; i < args.Length; i += 2)
            if (!options.ContainsKey(args[i].TrimStart('-'))) return Fail(Usage);
            else options[args[i].TrimStart('-')] = args[i + 1];
        int turns = int.Parse(options["turns"], CultureInfo.InvariantCulture);

        string here = Checkout.Here();
        (string there, string commit) = Checkout.Of(args[0]);
        string workloads = Path.Combine("tests", "NotebookKit.Steps");
        Directory.CreateDirectory(Path.Combine(there, workloads));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(here, workloads))) File.Copy(file, Path.Combine(there, workloads, Path.GetFileName(file)), overwrite: true);
        string then = Checkout.Build(there, workloads, "NotebookKit.Steps.dll"), now = Checkout.Build(here, workloads, "NotebookKit.Steps.dll");

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {options["threads"]} threads, {turns} pairs | {commit}, ms a step | now | times as fast, median of pairs | least and most | peak MB, {commit} | now | losses differ by |"));
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (string workload in options["workloads"].Split(','))
        {
            using Steps old = new(then, options["threads"]), fresh = new(now, options["threads"]);
            string turn = $"{workload} {options["steps"]}";
            // The first turn warms up; after it rounding may have grown, so the losses are compared there.
            double difference = old.Turn(turn).Losses.Zip(fresh.Turn(turn).Losses, (a, b) => Math.Abs(a - b)).Max();
            (Turn Then, Turn Now)[] pairs = [.. Enumerable.Range(0, turns).Select(_ => (old.Turn(turn), fresh.Turn(turn)))];
            double[] ratios = [.. pairs.Select(p => p.Then.Milliseconds / p.Now.Milliseconds).Order()];
            double Median(Func<(Turn Then, Turn Now), double> of) => pairs.Select(of).Order().ElementAt(turns / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {workload} | {Median(p => p.Then.Milliseconds):0.0} | {Median(p => p.Now.Milliseconds):0.0} | **{ratios[turns / 2]:0.00}** | {ratios[0]:0.00} to {ratios[^1]:0.00} | {pairs[^1].Then.Peak} | {pairs[^1].Now.Peak} | {difference:0.0e+0} |"));
        }
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }

    /// <summary>What a process says of one turn.</summary>
    /// <param name="Milliseconds">Median of the steps.</param>
    /// <param name="Peak">The most resident memory of the process so far, in MB.</param>
    /// <param name="Losses">Of the steps.</param>
    private sealed record Turn(double Milliseconds, int Peak, double[] Losses);

    private sealed class Steps(string assembly, string threads) : IDisposable
    {
        private readonly Process _process = Process.Start(new ProcessStartInfo("dotnet", [assembly, threads]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        public Turn Turn(string turn)
        {
            _process.StandardInput.WriteLine(turn);
            _process.StandardInput.Flush();
            string[] words = (_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The process for '{turn}' ended.")).Split(' ');
            double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
            return new(Number(words[0]), (int)Number(words[1]), [.. words[2].Split(',').Select(Number)]);
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
