using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace NotebookKit.Runner.Kernel;

/// <summary>What a kernel process tells its parent while it runs a cell, one JSON object a line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StreamWritten), "stream")]
[JsonDerivedType(typeof(ValueDisplayed), "display")]
[JsonDerivedType(typeof(ValueUpdated), "update")]
[JsonDerivedType(typeof(ResultReturned), "result")]
[JsonDerivedType(typeof(CellFailed), "failed")]
[JsonDerivedType(typeof(ProgressMade), "progress")]
[JsonDerivedType(typeof(DevicesNamed), "devices")]
[JsonDerivedType(typeof(CellFinished), "finished")]
internal abstract record CellEvent
{
    /// <summary>
    /// Starts each message on the pipe. A notebook's own console output is captured before it gets there, but native code
    /// prints to the same pipe past .NET; whatever does not start with this mark is such text.
    /// </summary>
    public const char Mark = '\x1e';

    public string Encode() => Mark + JsonSerializer.Serialize(this);

    public static CellEvent? Decode(string line) => JsonSerializer.Deserialize<CellEvent>(line);
}

/// <summary>Console text, <c>stdout</c> or <c>stderr</c>.</summary>
internal sealed record StreamWritten(string Name, string Text) : CellEvent;

/// <summary>A value shown with <c>display</c>; the id lets a later update find it.</summary>
internal sealed record ValueDisplayed(string Id, JsonObject Data) : CellEvent;

/// <summary>A new look for a value shown before.</summary>
internal sealed record ValueUpdated(string Id, JsonObject Data) : CellEvent;

/// <summary>The value of the trailing expression.</summary>
internal sealed record ResultReturned(JsonObject Data) : CellEvent;

/// <summary>The cell stopped with an error; a <see cref="CellFinished"/> still follows.</summary>
/// <param name="Name">The exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Traceback">The lines for a reader.</param>
/// <param name="Line">The line in the cell, from 1, or 0 when it is not known.</param>
internal sealed record CellFailed(string Name, string Message, string[] Traceback, int Line) : CellEvent;

/// <summary>How far a long operation has come; shown live, never kept.</summary>
internal sealed record ProgressMade(string Stage, long Done, long Total, string Note) : CellEvent;

/// <summary>What the cells could compute on, in torch's names; none when they did not use torch.</summary>
internal sealed record DevicesNamed(string[] Devices) : CellEvent;

/// <summary>The cell has ended, well or not.</summary>
internal sealed record CellFinished : CellEvent;

/// <summary>A request to run a cell, or, when there is no code, to name the devices.</summary>
/// <param name="Name">What stack traces and messages call it, such as <c>cell 3</c>.</param>
/// <param name="Code">Its source.</param>
internal sealed record CellRequest(string Name, string Code);
