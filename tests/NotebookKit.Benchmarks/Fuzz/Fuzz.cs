using System.Diagnostics;
using System.Globalization;

namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>
/// Damaged inputs for every reader. Each must be read, or refused with the error that the reader promises, within a time and a memory
/// limit. A worker process of its own does the reading, so that a crash or a hang is one row of the table and the run goes on.
/// </summary>
internal static class FuzzCommand
{
    private const string Usage = """
        fuzz --seconds N [--seed 1] [--reader NAME] [--cpu 1.0] [--memory 1024]
          Changes small valid inputs at random and reads them. --cpu: processor seconds an input may take; --memory: MiB of the worker.
        fuzz --reader NAME --seed S --input I
          Reads one input again and shows how it ends.
        """;

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = new() { ["seed"] = "1", ["cpu"] = "1.0", ["memory"] = "1024" };
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
        int seed = int.Parse(options["seed"], CultureInfo.InvariantCulture);
        var readers = FuzzReaders.All.Where(r => !options.TryGetValue("reader", out string? name) || r.Name == name).ToList();
        if (readers.Count == 0 || !(options.ContainsKey("seconds") || options.ContainsKey("input")))
        {
            Console.Error.WriteLine($"{Usage}\n  Readers: {string.Join(", ", FuzzReaders.All.Select(r => r.Name))}");
            return 2;
        }
        if (options.TryGetValue("input", out string? number)) return FuzzWorker.Show(readers[0], seed, long.Parse(number, CultureInfo.InvariantCulture));
        double seconds = double.Parse(options["seconds"], CultureInfo.InvariantCulture);
        var limits = new FuzzLimits(double.Parse(options["cpu"], CultureInfo.InvariantCulture), long.Parse(options["memory"], CultureInfo.InvariantCulture) << 20);
        Console.WriteLine("| reader | inputs | read | refused as promised | other errors | over time | over memory | crashes | slowest, processor ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        var total = new FuzzCounts();
        foreach (var reader in readers)
        {
            var counts = Try(reader, seed, seconds * reader.Share / readers.Sum(r => r.Share), limits);
            Console.WriteLine(counts.Row(reader.Name));
            total.Add(counts);
        }
        if (readers.Count > 1) Console.WriteLine(total.Row("all"));
        return total.Bad == 0 ? 0 : 1;
    }

    /// <summary>Runs workers until the time is up; one that is stopped or dies is followed by another behind the input it was at.</summary>
    private static FuzzCounts Try(FuzzReader reader, int seed, double seconds, FuzzLimits limits)
    {
        var counts = new FuzzCounts();
        long started = Stopwatch.GetTimestamp();
        for (long from = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds;)
        {
            // In memory where the system has such a place: readers of files write one for each input.
            string folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"nbk-fuzz-{Guid.NewGuid():N}");
            Directory.CreateDirectory(folder);
            try
            {
                using var state = FuzzState.Create(folder);
                using var worker = Start(reader, seed, from, seconds - Stopwatch.GetElapsedTime(started).TotalSeconds, folder);
                string ended = Watch(worker, state, limits);
                counts.Add(state, ended);
                if (ended.Length > 0) Console.Error.WriteLine($"{reader.Name}, seed {seed}, input {state.Input}: {ended}");
                if (state.Input < from) return counts; // it never began
                from = state.Input + 1;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return counts;
    }

    private static Process Start(FuzzReader reader, int seed, long from, double seconds, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { Environment = { ["DOTNET_DbgEnableMiniDump"] = "0", ["TMPDIR"] = folder } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(FuzzCommand).Assembly.Location);
        foreach (string argument in new[] { "fuzz-worker", reader.Name, seed.ToString(CultureInfo.InvariantCulture), from.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture), folder })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end, or brings it about.</summary>
    /// <returns>What went wrong with the input at hand, or "".</returns>
    private static string Watch(Process worker, FuzzState state, FuzzLimits limits)
    {
        var (input, cpu, since) = (-1L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (!worker.WaitForExit(50))
        {
            worker.Refresh();
            string? over = null;
            try
            {
                if (state.Input != input) (input, cpu, since) = (state.Input, worker.TotalProcessorTime, Stopwatch.GetTimestamp());
                // The first input pays for the start of the runtime. Of a worker that waits for ever, the clock tells.
                else if ((worker.TotalProcessorTime - cpu).TotalSeconds > limits.ProcessorSeconds * (state.Done == 0 ? 20 : 1) || Stopwatch.GetElapsedTime(since).TotalSeconds > 60 * limits.ProcessorSeconds) over = FuzzCounts.OverTime;
                if (worker.WorkingSet64 > limits.Bytes) over = FuzzCounts.OverMemory;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                continue; // it has just ended
            }
            if (over is null) continue;
            worker.Kill(entireProcessTree: true);
            worker.WaitForExit();
            return over;
        }
        return worker.ExitCode == 0 ? "" : FuzzCounts.Crash;
    }
}

/// <summary>What an input may take.</summary>
/// <param name="ProcessorSeconds">Processor time.</param>
/// <param name="Bytes">Resident memory of the worker.</param>
internal sealed record FuzzLimits(double ProcessorSeconds, long Bytes);

/// <summary>How the inputs of a reader ended.</summary>
internal sealed class FuzzCounts
{
    public const string OverTime = "over the time limit";
    public const string OverMemory = "over the memory limit";
    public const string Crash = "the process died";

    private long _read, _refused, _wrong, _time, _memory, _crashes, _slowest;

    public long Bad => _wrong + _time + _memory + _crashes;

    public void Add(FuzzState state, string ended)
    {
        (_read, _refused, _wrong, _slowest) = (_read + state.Read, _refused + state.Refused, _wrong + state.Wrong, Math.Max(_slowest, state.SlowestMicroseconds));
        if (ended == OverTime) _time++;
        if (ended == OverMemory) _memory++;
        if (ended == Crash) _crashes++;
    }

    public void Add(FuzzCounts other)
    {
        (_read, _refused, _wrong, _slowest) = (_read + other._read, _refused + other._refused, _wrong + other._wrong, Math.Max(_slowest, other._slowest));
        (_time, _memory, _crashes) = (_time + other._time, _memory + other._memory, _crashes + other._crashes);
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {_read + _refused + _wrong + _time + _memory + _crashes:N0} | {_read:N0} | {_refused:N0} | {_wrong:N0} | {_time:N0} | {_memory:N0} | {_crashes:N0} | {_slowest / 1000.0:N0} |");
}
