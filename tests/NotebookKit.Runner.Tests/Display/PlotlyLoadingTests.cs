using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookKit.Tests.Display;

/// <summary>
/// A host like the .NET Interactive kernel: a process of its own that has loaded FSharp.Core 10.0 before anything else and runs C# scripts,
/// which reach the kit only through <c>#r</c>.
/// </summary>
public sealed class PlotlyLoadingTests : IDisposable
{
    private const string HostSource = """
        using System;
        using System.IO;
        using System.Reflection;
        using System.Threading.Tasks;
        using Microsoft.CodeAnalysis.CSharp.Scripting;
        using Microsoft.DotNet.Interactive.Formatting;

        public static class Host
        {
            public static async Task<int> Main(string[] arguments)
            {
                Console.WriteLine("host has FSharp.Core " + Assembly.Load("FSharp.Core").GetName().Version!.ToString(2));
                try
                {
                    object? result = null;
                    foreach (var cell in File.ReadAllText(arguments[0]).Split("// next cell"))
                        result = await Run(cell);
                    Console.WriteLine(result!.ToDisplayString("text/html"));
                    return 0;
                }
                catch (Exception e)
                {
                    Console.WriteLine(e.GetType().Name + ": " + e.Message);
                    return 1;
                }
            }

            private static Microsoft.CodeAnalysis.Scripting.ScriptState<object>? state;

            private static async Task<object?> Run(string cell)
            {
                state = state is null ? await CSharpScript.RunAsync(cell) : await state.ContinueWithAsync(cell);
                return state.ReturnValue;
            }
        }
        """;

    private static readonly string Kit = AppContext.BaseDirectory;

    private readonly string folder = Directory.CreateTempSubdirectory("notebookkit-host-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Charts_work_in_a_host_that_has_loaded_an_older_FSharp_Core()
    {
        var (code, output) = await RunAsync("NotebookKit.Interactive.Kit.Register();");

        Assert.StartsWith("host has FSharp.Core 10.0", output, StringComparison.Ordinal);
        Assert.True(code == 0, output[..Math.Min(output.Length, 2000)]);
        Assert.Contains("plotly.newPlot(place", output, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"loss\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_chart_fails_there_without_the_kit()
    {
        var (code, output) = await RunAsync("");

        Assert.StartsWith("host has FSharp.Core 10.0", output, StringComparison.Ordinal);
        Assert.Equal(1, code);
        Assert.Contains("FSharp", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(string register)
    {
        var old = typeof(PlotlyLoadingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "OldFSharpCore").Value!;
        var host = BuildHost(old);
        var script = Path.Combine(folder, "notebook.csx");
        var references = new[] { "NotebookKit", "NotebookKit.Interactive", "Plotly.NET", "Plotly.NET.CSharp", "DynamicObj", "FSharp.Core", "Giraffe.ViewEngine", "Newtonsoft.Json", "Fable.Core", "Microsoft.Data.Analysis", "TorchSharp" };
        await File.WriteAllTextAsync(script, $$"""
            {{string.Join('\n', references.Select(r => $"#r \"{Path.Combine(Kit, r + ".dll")}\""))}}
            using NotebookKit.Display;
            using Plotly.NET.CSharp;
            {{register}}
            // next cell
            Chart.Line<double, double, string>(x: new[] { 1.0, 2 }, y: new[] { 3.0, 4 }, Name: "loss").AsFigure("Loss.", x: "step")
            """, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet", [host, script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await complaints);
    }

    /// <summary>Everything in the host's folder is the host's own: it has no list of dependencies.</summary>
    private string BuildHost(string oldFSharpCore)
    {
        foreach (var own in Directory.GetFiles(Kit, "Microsoft.CodeAnalysis*.dll").Append(Path.Combine(Kit, "Microsoft.DotNet.Interactive.Formatting.dll")).Append(typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly.Location).Append(oldFSharpCore))
        {
            File.Copy(own, Path.Combine(folder, Path.GetFileName(own)));
        }

        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(p => !p.StartsWith(Kit, StringComparison.Ordinal));
        var references = framework.Concat(Directory.GetFiles(folder, "*.dll")).Select(p => MetadataReference.CreateFromFile(p));
        var path = Path.Combine(folder, "host.dll");
        var built = CSharpCompilation.Create("host", [CSharpSyntaxTree.ParseText(HostSource)], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)).Emit(path);
        Assert.True(built.Success, string.Join('\n', built.Diagnostics));
        File.WriteAllText(Path.Combine(folder, "host.runtimeconfig.json"), $$"""{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" }, "configProperties": { "System.Globalization.Invariant": true } } }""");
        return path;
    }
}
