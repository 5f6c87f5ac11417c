@echo off
if exist "%~dp0python\pythonw.exe" goto run
echo 没找到程序。请把压缩包整个解压出来再双击。
echo 要是已经解压了，可能是杀毒软件删了 python 文件夹里的文件。
pause
exit 2
:run
start "" "%~dp0python\pythonw.exe" -m xltool.desktop page
exit 0
