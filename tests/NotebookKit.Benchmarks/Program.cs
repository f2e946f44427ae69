using BenchmarkDotNet.Running;
using NotebookKit.Benchmarks;

return args is ["pmi", .. string[] rest] ? PmiSideBySide.Run(rest) : RunBenchmarks(args);

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(PmiSideBySide).Assembly).Run(args);
    return 0;
}
