using BenchmarkDotNet.Running;
using NotebookKit.Benchmarks;
using NotebookKit.Benchmarks.Fuzz;

return args switch
{
    ["pmi", .. string[] rest] => PmiSideBySide.Run(rest),
    ["against", .. string[] rest] => Against.Run(rest),
    ["start", .. string[] rest] => StartSideBySide.Run(rest),
    ["encoder", .. string[] rest] => EncoderSideBySide.Run(rest),
    ["mend", .. string[] rest] => MendSideBySide.Run(rest),
    ["play", .. string[] rest] => PlayAnswers.Run(rest),
    ["prompts-side-by-side", .. string[] rest] => PromptsSideBySide.Run(rest),
    ["fuzz", .. string[] rest] => FuzzCommand.Run(rest),
    ["fuzz-worker", .. string[] rest] => FuzzWorker.Run(rest),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(PmiSideBySide).Assembly).Run(args);
    return 0;
}
