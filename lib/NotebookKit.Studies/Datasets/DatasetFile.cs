using System.Text.Json.Nodes;

namespace NotebookKit.Studies.Datasets;

/// <summary>A file somewhere in public, pinned to the commit of its repository and to its bytes.</summary>
/// <param name="Url">The address.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record DatasetSource(string Url, long Bytes, string Sha256);

/// <summary>One file of a data set: what it is, what it must be, and how it is made of public files.</summary>
/// <param name="Dataset">The data set's name, with its configuration: the Hugging Face name where there is one.</param>
/// <param name="Split">Which part of the set it is.</param>
/// <param name="Path">Its place below a data folder.</param>
/// <param name="Group">The task group.</param>
/// <param name="Role">What it is meant for: train, hold out, edit or text.</param>
/// <param name="T0">How the T0 models used the set, or "".</param>
/// <param name="Templates">The folder of its prompt templates in promptsource, or "".</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Fields">The fields of every row in order; empty for a plain text.</param>
/// <param name="Labels">For a field that holds class numbers: the names of the classes.</param>
/// <param name="Licence">The licence as its source states it.</param>
/// <param name="Caution">What a user must know, or "".</param>
/// <param name="Transformation">The name of the <see cref="DatasetTransformation"/> that makes it.</param>
/// <param name="Arguments">The transformation's arguments.</param>
/// <param name="Sources">The public files it is made of, in the order in which the transformation takes them.</param>
public sealed record DatasetFile(
    string Dataset,
    string Split,
    string Path,
    string Group,
    string Role,
    string T0,
    string Templates,
    long Rows,
    long Bytes,
    string Sha256,
    IReadOnlyList<string> Fields,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Labels,
    string Licence,
    string Caution,
    string Transformation,
    JsonObject Arguments,
    IReadOnlyList<DatasetSource> Sources);
