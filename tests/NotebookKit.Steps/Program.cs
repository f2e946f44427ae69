using System.Diagnostics;
using System.Globalization;
using NotebookKit.Steps;
using NotebookKit.Training;
using static TorchSharp.torch;

// Threads as argument; then a line "WORKLOAD STEPS" a turn. Answers a line: the median of the turn's milliseconds a step, the resident
// memory's peak in MB, and the losses of the turn. What a workload holds is freed when another one comes.
int threads = int.Parse(args[0], CultureInfo.InvariantCulture);
TorchRuntime.Load(threads: threads);
set_num_threads(threads);
(string Name, Workload Workload)? held = null;
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    if (held?.Name != words[0])
    {
        held?.Workload.Dispose();
        held = (words[0], Workload.All[words[0]]());
    }
    var times = new List<double>();
    var losses = new List<string>();
    for (int step = 0, steps = int.Parse(words[1], CultureInfo.InvariantCulture); step < steps; step++)
    {
        long start = Stopwatch.GetTimestamp();
        double loss = held.Value.Workload.Step();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        losses.Add(loss.ToString("R", CultureInfo.InvariantCulture));
    }
    string peak = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1] : "0";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Order().ElementAt(times.Count / 2):R} {int.Parse(peak, CultureInfo.InvariantCulture) / 1024} {string.Join(',', losses)}"));
}
