using System.Collections;
using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// Writes a record as JSON in one way only, so that equal settings give equal text and equal hashes on every machine: all
/// fields in ordinal order of their names, sets and dictionaries sorted, numbers in their shortest exact form.
/// Nothing is left out silently: a value whose state cannot be seen through records and collections is refused.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The canonical text of a record, a collection or a plain value.</summary>
    /// <exception cref="NotSupportedException">A value is neither; the message names the path to it.</exception>
    public static string Of(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact)) Write(writer, value, value?.GetType() ?? typeof(object), "");
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>XxHash128 of a text in UTF-8, as 32 hexadecimal digits.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(XxHash128.Hash(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void Write(Utf8JsonWriter writer, object? value, Type declared, string path)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case double number when !double.IsFinite(number): writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case float number when !float.IsFinite(number): writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case byte or sbyte or short or ushort or int or uint or long: writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case Enum or char: writer.WriteStringValue(value.ToString()); break;
            case DateOnly or DateTime or DateTimeOffset or TimeOnly: writer.WriteStringValue(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeSpan or Guid or Version: writer.WriteStringValue(value.ToString()); break;
            case IDictionary map: WriteObject(writer, Entries(map), declared, value.GetType(), path); break;
            case IEnumerable items: WriteItems(writer, items, path); break;
            default: WriteRecord(writer, value, declared, path); break;
        }
    }

    private static void WriteRecord(Utf8JsonWriter writer, object value, Type declared, string path)
    {
        var type = value.GetType();
        // A class that is no record may hide what it does in delegates, natives or caches; guessing would give equal keys to unequal runs.
        bool isRecord = type.GetMethod("<Clone>$") is not null || type.IsValueType;
        if (!isRecord || typeof(Delegate).IsAssignableFrom(type))
            throw new NotSupportedException($"The settings cannot be hashed: {(path.Length > 0 ? path : "the value")} is a {type.FullName}. Settings are records of numbers, texts, enums, collections and other records; describe it by such a record.");
        WriteObject(writer, Fields(value, type), declared, type, path);
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value, Type Declared)> fields, Type declared, Type type, string path)
    {
        writer.WriteStartObject();
        // Two records of different types with equal fields differ, where the declaration leaves the type open.
        if (type != declared && !typeof(IEnumerable).IsAssignableFrom(type) && Nullable.GetUnderlyingType(declared) != type) writer.WriteString("$type", type.Name);
        foreach (var (name, value, declaredField) in fields.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, value, declaredField, path.Length > 0 ? $"{path}.{name}" : name);
        }
        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, IEnumerable items, string path)
    {
        var type = items.GetType();
        var element = type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0] ?? typeof(object);
        bool isSet = type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlySet<>));
        writer.WriteStartArray();
        if (isSet)
            foreach (string? text in items.Cast<object?>().Select(Of).Order(StringComparer.Ordinal)) writer.WriteRawValue(text);
        else
        {
            int index = 0;
            foreach (object? item in items) Write(writer, item, element, $"{path}[{index++}]");
        }
        writer.WriteEndArray();
    }

    private static IEnumerable<(string, object?, Type)> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return (Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value, typeof(object));
    }

    /// <summary>All instance fields, those of base records included; a property's backing field goes by the property's name.</summary>
    private static IEnumerable<(string, object?, Type)> Fields(object value, Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
                yield return (name, field.GetValue(value), field.FieldType);
            }
    }
}
