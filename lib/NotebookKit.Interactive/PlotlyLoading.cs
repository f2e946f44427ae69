using System.Reflection;
using System.Runtime.Loader;

namespace NotebookKit.Interactive;

/// <summary>
/// Plotly.NET 6 needs FSharp.Core 10.1. A host that has loaded an older one for itself (.NET Interactive has) cannot load a second beside it in the
/// same context, and a chart would fail with a missing method. So there, and only there, Plotly.NET and all it leans on live in a context of their own.
/// </summary>
internal static class PlotlyLoading
{
    private static readonly Version NeededFSharpCore = new(10, 1);
    private static readonly string[] Private = ["Plotly.NET", "Plotly.NET.CSharp", "DynamicObj", "Giraffe.ViewEngine", "FSharp.Core", "Newtonsoft.Json", "Fable.Core"];
    private static readonly Lock Gate = new();
    private static PlotlyContext? context;

    /// <summary>Prepares the private context if the host's FSharp.Core is too old; otherwise does nothing. Must run before the first use of Plotly.NET.</summary>
    internal static void Prepare()
    {
        lock (Gate)
        {
            if (context is not null || !HostHasOldFSharpCore())
            {
                return;
            }

            string folder = Path.GetDirectoryName(typeof(PlotlyLoading).Assembly.Location)!;
            context = new PlotlyContext(folder);
            AssemblyLoadContext.Default.Resolving += (_, name) =>
                Private.Contains(name.Name) && context.TryLoad(name.Name!) is { } assembly ? assembly : null;
        }
    }

    private static bool HostHasOldFSharpCore()
    {
        var versions = AssemblyLoadContext.Default.Assemblies
            .Select(a => a.GetName())
            .Where(n => n.Name == "FSharp.Core")
            .Select(n => n.Version!)
            .ToList();

        // Not loaded yet, but the one that the host would load: it stands on the list of the host's own assemblies.
        if (versions.Count == 0 && AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string trusted)
        {
            versions.AddRange(trusted.Split(Path.PathSeparator)
                .Where(p => Path.GetFileName(p).Equals("FSharp.Core.dll", StringComparison.OrdinalIgnoreCase))
                .Select(p => AssemblyName.GetAssemblyName(p).Version!));
        }

        return versions.Any(v => v < NeededFSharpCore);
    }

    private sealed class PlotlyContext(string folder) : AssemblyLoadContext("Plotly.NET")
    {
        internal Assembly? TryLoad(string name)
        {
            string path = Path.Combine(folder, name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }

        protected override Assembly? Load(AssemblyName assemblyName) =>
            Private.Contains(assemblyName.Name) ? TryLoad(assemblyName.Name!) : null;
    }
}
