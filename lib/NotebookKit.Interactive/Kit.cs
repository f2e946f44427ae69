using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookKit.Display;
using Plotly.NET;
using TorchSharp;
using Figure = NotebookKit.Display.Figure;

namespace NotebookKit.Interactive;

/// <summary>
/// Teaches a notebook host to show charts, data frames and tensors, which would otherwise appear as trees of objects.
/// The first cell of a notebook calls it through <c>kit.csx</c>.
/// </summary>
public static class Kit
{
    /// <summary>The mime type of a figure as data for plotly.js.</summary>
    public const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    private static readonly Lock Gate = new();
    private static bool plotlyIsOnThePage;
    private static Kernel? extended;

    /// <summary>
    /// Registers the formatters with the host's <see cref="Formatter"/>, and makes the kernel that the calling cell runs in tell what an
    /// import threw and heed an interrupt. Calling it again changes nothing.
    /// </summary>
    public static void Register()
    {
        Register(NotebookHosts.Current);
        // The runner's kernel is made so already.
        if (NotebookHosts.Current != NotebookHost.Runner && KernelInvocationContext.Current?.HandlingKernel?.RootKernel is CompositeKernel root)
            Extend(root);
    }

    private static void Extend(CompositeKernel root)
    {
        lock (Gate)
        {
            if (ReferenceEquals(extended, root))
                return;
            extended = root;
        }
        Imports.In(root);
        root.AddMiddleware((command, context, next) =>
        {
            if (command is SubmitCode { Parent: null })
                Interruption.Forget();
            return next(command, context);
        });
    }

    /// <summary>Registers the formatters for <paramref name="host"/>.</summary>
    /// <param name="host">Decides whether a figure becomes data or HTML that draws itself.</param>
    public static void Register(NotebookHost host)
    {
        PlotlyLoading.Prepare();
        RegisterFigures(host);
        RegisterTablesAndTensors();
    }

    // Apart from Register, so that Plotly.NET is first looked for when PlotlyLoading has prepared its place.
    private static void RegisterFigures(NotebookHost host)
    {
        RegisterFigure<Figure>(host, figure => figure);
        RegisterFigure<GenericChart>(host, chart => new Figure(chart, ""));
    }

    private static void RegisterTablesAndTensors()
    {
        RegisterDisplay<DataFrame>(frame => new Table(frame, ""));
        RegisterDisplay<torch.Tensor>(tensor => tensor.IsInvalid ? null : new TensorSummary(tensor));
        RegisterDisplay<IDisplayable>(displayable => displayable);
        Formatter.Register<ProgressBar>((bar, writer) => writer.Write(bar.ToHtml()), "text/html");
        Formatter.Register<ProgressBar>((bar, writer) => writer.Write(bar.ToString()), "text/plain");
    }

    private static void RegisterFigure<T>(NotebookHost host, Func<T, Figure> figure)
        where T : notnull
    {
        // The first question about a type makes the host look for its attribute, whose answer would replace a choice made before.
        _ = Formatter.GetPreferredMimeTypesFor(typeof(T));
        if (host == NotebookHost.Runner)
        {
            Formatter.Register<T>((value, writer) => writer.Write(figure(value).ToPlotly().ToJsonString()), PlotlyMimeType);
            Formatter.SetPreferredMimeTypesFor(typeof(T), PlotlyMimeType, "text/plain");
        }
        else
        {
            Formatter.Register<T>((value, writer) => WriteDrawing(figure(value), writer), "text/html");
            Formatter.SetPreferredMimeTypesFor(typeof(T), "text/html");
        }

        Formatter.Register<T>((value, writer) => writer.Write(figure(value).ToString()), "text/plain");
    }

    /// <summary>The drawing, behind plotly.js when it is the first of the session: every later figure finds it on the page.</summary>
    private static void WriteDrawing(Figure figure, TextWriter writer)
    {
        lock (Gate)
        {
            if (!plotlyIsOnThePage)
            {
                plotlyIsOnThePage = true;
                writer.Write(PlotlyLoader());
            }
        }

        writer.Write(figure.ToHtml());
    }

    /// <summary>
    /// Puts plotly.js on a page under a name of its own. A page with a module loader would hand plotly.js to the loader; without
    /// <c>define</c> and <c>module</c> in sight it sets <c>self.Plotly</c>, which is given back to whoever had it.
    /// </summary>
    internal static string PlotlyLoader() => $$"""
        <script>(() => {
        if (window.NotebookKitPlotly) return;
        const define = undefined, module = undefined, exports = undefined, before = window.Plotly;
        {{PlotlyScript.Read().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}}
        window.NotebookKitPlotly = self.Plotly;
        if (before) self.Plotly = before;
        })();</script>

        """;

    private static void RegisterDisplay<T>(Func<T, IDisplayable?> display)
        where T : notnull
    {
        Formatter.Register<T>((value, writer) => writer.Write(display(value)?.ToHtml() ?? value.ToString()), "text/html");
        Formatter.Register<T>((value, writer) => writer.Write(display(value)?.ToString() ?? value.ToString()), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(T), "text/html", "text/plain");
    }
}
