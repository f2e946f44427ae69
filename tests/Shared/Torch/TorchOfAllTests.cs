using NotebookKit.Tests;
using NotebookKit.Training;

[assembly: AssemblyFixture(typeof(TorchOfAllTests))]

namespace NotebookKit.Tests;

/// <summary>Loads libtorch once, before any test, so that every test has the bounded threads, whether it asks for the runtime or not.</summary>
public sealed class TorchOfAllTests
{
    public TorchOfAllTests() => TorchRuntime.Load();
}
