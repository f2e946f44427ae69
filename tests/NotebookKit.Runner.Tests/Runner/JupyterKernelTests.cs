using NotebookKit.Runner.Kernel;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests.Runner;

public sealed class JupyterKernelTests : IDisposable
{
    private const string Probe = "<div id='dotnet-interactive-this-cell-1' style='display: none'></div><script>probeAddresses([\"http://192.0.2.2:2048/\"])</script>";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Without_the_tool_the_message_names_the_cure_and_nothing_is_written()
    {
        folder.Write(".config/dotnet-tools.json", """{ "tools": { "microsoft.dotnet-interactive": { "version": "0.0.1" } } }""");
        var missing = Assert.Throws<FileNotFoundException>(() => JupyterKernel.Install(folder.File("kernels"), folder.Path));
        Assert.Contains("microsoft.dotnet-interactive 0.0.1", missing.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet tool restore", missing.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("kernels")));
    }

    [Fact]
    public void What_the_kernel_displays_by_itself_never_gets_into_a_notebook_that_is_written()
    {
        var cell = NotebookText.Code("1");
        cell["outputs"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["output_type"] = "display_data", ["data"] = new System.Text.Json.Nodes.JsonObject { ["text/html"] = Probe }, ["metadata"] = new System.Text.Json.Nodes.JsonObject() },
            new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "kept\n" });
        NotebookWriter.Write(NotebookText.Parse(NotebookText.Notebook(cell)), folder.File("written.ipynb"));
        var text = File.ReadAllText(folder.File("written.ipynb"));
        Assert.DoesNotContain("probeAddresses", text, StringComparison.Ordinal);
        Assert.Contains("kept", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_committed_notebook_holds_the_addresses_of_a_machine() =>
        Assert.All(Directory.EnumerateFiles(Path.Combine(CheckoutFolder.Root, "notebooks"), "*.ipynb", SearchOption.AllDirectories),
            path => Assert.DoesNotContain("dotnet-interactive-this-cell", File.ReadAllText(path), StringComparison.Ordinal));
}
